/**
 * Message that the user wants the new version: sent to the worker that waits, which answers with a `TakeOverAnswer`.
 */
export const TAKE_OVER = 'TAKE_OVER'

export interface TakeOverAnswer {
  /** Pages of ours, in tabs and frames, that still run the present version; where there are any, it stays. */
  readonly otherPages: number
}

/** Addresses to save if they are of the files saved on use: workbox-routing's own message, answered when it is done. */
export const CACHE_URLS = 'CACHE_URLS'
