import { messageSW, Workbox } from 'workbox-window'
import { CACHE_URLS, TAKE_OVER, type TakeOverAnswer } from './messages'

/** Time between checks for a new version of a page that stays open, made when it comes into sight, ms. */
const CHECK_EVERY = 60 * 60 * 1000

/** Controls the service worker from the page. */
export interface PageServiceWorker {
  /** Saves those of the files that are saved on use; resolves when they are. */
  keep(urls: readonly string[]): Promise<void>
  /**
   * Lets the new version take over and loads the page again, unless other pages still run the present one.
   *
   * @returns how many do
   */
  takeOver(): Promise<number>
}

function reloadOnce(): () => void {
  let reloading = false
  return () => {
    if (reloading) return
    reloading = true
    window.location.reload()
  }
}

/**
 * Registers the service worker and waits until a version of the page is saved whole.
 *
 * @param url address of the worker's file
 * @param onWaiting a new version is ready
 * @throws where the browser refuses (a private window, storage that is full or denied, a file that does not match)
 */
export async function registerServiceWorker(url: string, onWaiting: () => void): Promise<PageServiceWorker> {
  const { serviceWorker } = navigator
  const reload = reloadOnce()
  // Only an update replaces a controller; the first worker of all never claims a page that came without it.
  if (serviceWorker.controller) serviceWorker.addEventListener('controllerchange', reload)

  const workbox = new Workbox(url)
  workbox.addEventListener('waiting', onWaiting)
  const failed = new Promise<never>((_, reject) => {
    workbox.addEventListener('redundant', () => reject(new Error('the page could not be kept')))
  })
  failed.catch(() => undefined)
  await workbox.register({ immediate: true })
  const registration = await Promise.race([serviceWorker.ready, failed])

  let checked = Date.now()
  document.addEventListener('visibilitychange', () => {
    if (document.hidden || Date.now() - checked < CHECK_EVERY) return
    checked = Date.now()
    // Without a network there is no new version either.
    registration.update().catch(() => undefined)
  })

  return {
    async keep(urls) {
      const { active } = registration
      if (active) await messageSW(active, { type: CACHE_URLS, payload: { urlsToCache: urls } })
    },
    async takeOver() {
      const { waiting } = registration
      if (!waiting) {
        reload()
        return 0
      }
      waiting.addEventListener('statechange', () => {
        if (waiting.state === 'activated') reload()
      })
      const answer: TakeOverAnswer = await messageSW(waiting, { type: TAKE_OVER })
      return answer.otherPages
    },
  }
}
