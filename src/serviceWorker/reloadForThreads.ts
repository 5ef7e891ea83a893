const KEY = 'ripplescope-reloaded-for-threads'

/** Describes the part of `Window` that is used. */
export interface ReloadableWindow {
  readonly crossOriginIsolated: boolean
  readonly self: unknown
  readonly top: unknown
  readonly sessionStorage: Pick<Storage, 'getItem' | 'setItem'>
  readonly location: Pick<Location, 'reload'>
}

/**
 * Loads the page again where only the service worker's headers are missing for threads: once in a tab's life, and only
 * while nobody has touched the page. Who has is left in peace; the next visit has threads. A frame is never reloaded,
 * since its isolation is up to the page around it.
 *
 * @param touched whether somebody has done something on the page
 * @returns whether the page is being loaded again
 */
export function reloadForThreads(window: ReloadableWindow, touched: boolean): boolean {
  if (window.crossOriginIsolated || window.self !== window.top || touched) return false
  try {
    if (window.sessionStorage.getItem(KEY)) return false
    window.sessionStorage.setItem(KEY, '1')
  } catch {
    // A reload that cannot be remembered could be repeated for ever.
    return false
  }
  window.location.reload()
  return true
}
