interface EndReport {
  readonly lockedUntilEnd: string
}

function isReport(data: unknown): data is EndReport {
  return typeof data === 'object' && data !== null && 'lockedUntilEnd' in data
}

const lockManager = (): LockManager | undefined => globalThis.navigator?.locks

/**
 * In a worker: holds a lock for as long as the worker lives, and tells the page its name. A browser that ends a worker,
 * for its memory for instance, tells nobody, but gives back its locks.
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
 * In the page: a worker of ours that ends without a word dispatches `error`, as one does that fails. Where pages have
 * no locks (plain http), only the browser's own errors are heard.
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
