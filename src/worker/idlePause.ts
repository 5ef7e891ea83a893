/** Resolves when the page has had nothing better to do for a while. */
export function idlePause(): Promise<void> {
  return new Promise((resolve) => {
    setTimeout(() => {
      if ('requestIdleCallback' in globalThis) requestIdleCallback(() => resolve(), { timeout: 10_000 })
      else resolve()
    }, 2000)
  })
}
