import type { AppStore } from '../state/store'

/** Events that count as use of the page; scrolling does not, for the browser restores its position by itself. */
const TOUCHES = ['pointerdown', 'keydown', 'paste', 'drop'] as const

/**
 * Connects the network (app/network) once the page has painted and is idle: nothing of it is fetched before the first
 * paint.
 */
export function connectNetworkInIdleTime(store: AppStore): void {
  let touched = false
  const touch = () => {
    touched = true
  }
  for (const type of TOUCHES) window.addEventListener(type, touch, { once: true, capture: true })

  const connect = async () => {
    const { connectNetwork } = await import('./network')
    connectNetwork(store, () => touched)
  }
  // A failure leaves the page as it is.
  const start = () => void connect().catch(() => undefined)
  const whenIdle = () => {
    if ('requestIdleCallback' in window) window.requestIdleCallback(start, { timeout: 10_000 })
    else setTimeout(start, 1000)
  }
  if (document.readyState === 'complete') whenIdle()
  else window.addEventListener('load', whenIdle, { once: true })
}
