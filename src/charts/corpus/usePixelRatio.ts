import { useSyncExternalStore } from 'react'

function subscribe(listener: () => void): () => void {
  let query: MediaQueryList | undefined
  const watch = () => {
    query?.removeEventListener('change', changed)
    // A query for one ratio tells only that it was left, so each new one needs its own.
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

/** Device px for a px of the page, as the window moves between screens or the user zooms the page. */
export function usePixelRatio(): number {
  return useSyncExternalStore(
    subscribe,
    () => window.devicePixelRatio || 1,
    () => 1,
  )
}
