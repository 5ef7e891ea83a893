/** @throws the signal's reason where it ends the wait */
export function waitFor(milliseconds: number, signal?: AbortSignal): Promise<void> {
  return new Promise((resolve, reject) => {
    const abort = () => {
      clearTimeout(timer)
      reject(signal?.reason)
    }
    const timer = setTimeout(() => {
      signal?.removeEventListener('abort', abort)
      resolve()
    }, milliseconds)
    signal?.addEventListener('abort', abort, { once: true })
  })
}

/**
 * Seconds the server asks to wait: `Retry-After` in seconds or as a date, else the hub's own
 * `RateLimit: "api";r=0;t=55`; null where it says nothing, or the browser may not read it.
 */
export function askedSeconds(headers: Headers): number | null {
  const retryAfter = headers.get('retry-after')
  if (retryAfter !== null) {
    if (/^\s*\d+\s*$/.test(retryAfter)) return Number(retryAfter)
    const date = Date.parse(retryAfter)
    if (!Number.isNaN(date)) return Math.max(0, Math.ceil((date - Date.now()) / 1000))
  }
  const reset = /;\s*t=(\d+)/.exec(headers.get('ratelimit') ?? '')
  return reset ? Number(reset[1]) : null
}
