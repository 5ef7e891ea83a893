import { type Remote, releaseProxy, wrap } from 'comlink'

/** The part of `Worker` that is used. */
export type WorkerLike = Pick<
  Worker,
  'addEventListener' | 'terminate' | 'postMessage' | 'removeEventListener'
>

/** What a worker exposes, and the worker's end. */
export interface RemoteWorker<Host> {
  readonly remote: Remote<Host>
  /** Ends the worker and lets go of it; `remote` may not be used any more. Again does nothing. */
  terminate(): void
}

/**
 * Comlink's register of proxies holds a worker for as long as its proxy lives, and what listens to the worker holds the
 * proxy: without a release each worker that was ever started would stay until the page is closed.
 */
export function wrapWorker<Host>(worker: WorkerLike): RemoteWorker<Host> {
  const remote: Remote<Host> = wrap<Host>(worker as Worker)
  let ended = false
  return {
    remote,
    terminate() {
      if (ended) return
      ended = true
      remote[releaseProxy]()
      worker.terminate()
    },
  }
}
