import { useSyncExternalStore } from 'react'

function subscribe(listener: () => void): () => void {
  let query: MediaQueryList | undefined
  const watch = () => {
    query?.removeEventListener('change', changed)
    // A query for one ratio reports only that the ratio changed, so each new ratio needs its own query.
    query = window.matchMedia?.(`(resolution: ${window.devicePixelRatio}dppx)`)
    query?.addEventListener('change', changed)
  }
  const changed = () => {
    watch()
    listener()
  }
  watch()
  return () => query?.removeEventListener('change', changed)
}

/** Returns the device px for a px of the page, also after the window moves to another screen or the page is zoomed. */
export function usePixelRatio(): number {
  return useSyncExternalStore(
    subscribe,
    () => window.devicePixelRatio || 1,
    () => 1,
  )
}
