interface EndReport {
  readonly lockedUntilEnd: string
}

function isReport(data: unknown): data is EndReport {
  return typeof data === 'object' && data !== null && 'lockedUntilEnd' in data
}

const lockManager = (): LockManager | undefined => globalThis.navigator?.locks

/**
 * Holds a lock as long as the worker lives, and tells the page its name; called in the worker. A browser that ends a
 * worker, for its memory for instance, tells nobody, but releases its locks.
 */
export function reportEnd(): void {
  const name = `ripplescope-worker-${globalThis.crypto?.randomUUID?.()}`
  void lockManager()
    ?.request(name, () => {
      const report: EndReport = { lockedUntilEnd: name }
      globalThis.postMessage(report)
      return new Promise<never>(() => undefined)
    })
    .catch(() => undefined)
}

/**
 * Makes a worker that ends silently dispatch `error`, as a failing one does; called in the page. Where pages have no
 * locks (plain http), only the browser's own errors are heard.
 */
export function hearEnd<T extends Pick<Worker, 'addEventListener' | 'dispatchEvent'>>(worker: T): T {
  worker.addEventListener('message', ({ data }) => {
    if (!isReport(data)) return
    void lockManager()
      ?.request(data.lockedUntilEnd, () => {
        worker.dispatchEvent(new ErrorEvent('error'))
      })
      .catch(() => undefined)
  })
  return worker
}
