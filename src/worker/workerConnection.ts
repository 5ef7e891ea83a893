import { proxy, type Remote, releaseProxy, wrap } from 'comlink'
import type {
  ClosestTokensRequest,
  Explorer,
  LoadProgress,
  MeasureRequest,
  ModelSource,
  NeighborsRequest,
} from '../core/explorer'
import { FailureError } from '../core/failure'
import type { Answer, ExplorerHost, StartOptions } from './protocol'

/** An Explorer in a worker. Every call is answered, also when the worker dies. */
export interface WorkerConnection extends Explorer {
  /** Ends the worker at once; calls under way reject with `cancelled`. */
  terminate(): void
}

/** The part of `Worker` that is used. */
export type WorkerLike = Pick<
  Worker,
  'addEventListener' | 'terminate' | 'postMessage' | 'removeEventListener'
>

export function connectWorker(worker: WorkerLike, options: StartOptions): WorkerConnection {
  const remote: Remote<ExplorerHost> = wrap<ExplorerHost>(worker as Worker)
  let end: (reason: FailureError) => void = () => undefined
  const ended = new Promise<never>((_, reject) => {
    end = reject
  })
  ended.catch(() => undefined)
  worker.addEventListener('error', (event) => {
    event.preventDefault?.()
    const detail = (event as ErrorEvent).message
    end(
      new FailureError({
        kind: 'worker-lost',
        message: `The worker that runs the model stopped${detail ? `: ${detail}` : '.'}`,
        kept: 'Your text and pins are kept.',
        advice: 'It is started again.',
      }),
    )
  })

  async function unwrap<T>(answer: Promise<Answer<T>>): Promise<T> {
    const settled = await Promise.race([answer, ended])
    if (!settled.ok) throw new FailureError(settled.failure)
    return settled.value
  }

  const started = unwrap(remote.start(options) as Promise<Answer<void>>)
  started.catch(() => undefined)

  return {
    async load(source: ModelSource, onProgress?: (progress: LoadProgress) => void) {
      await started
      return unwrap(remote.load(source, onProgress && proxy(onProgress)) as ReturnType<ExplorerHost['load']>)
    },
    vocabulary: () => unwrap(remote.vocabulary() as ReturnType<ExplorerHost['vocabulary']>),
    tokenize: (text: string) => unwrap(remote.tokenize(text) as ReturnType<ExplorerHost['tokenize']>),
    neighbors: (request: NeighborsRequest) =>
      unwrap(remote.neighbors(request) as ReturnType<ExplorerHost['neighbors']>),
    measure: (request: MeasureRequest) =>
      unwrap(remote.measure(request) as ReturnType<ExplorerHost['measure']>),
    closestTokens: (request: ClosestTokensRequest) =>
      unwrap(remote.closestTokens(request) as ReturnType<ExplorerHost['closestTokens']>),
    async dispose() {
      await unwrap(remote.dispose() as ReturnType<ExplorerHost['dispose']>)
    },
    terminate() {
      end(new FailureError({ kind: 'cancelled', message: 'Stopped.' }))
      remote[releaseProxy]()
      worker.terminate()
    },
  }
}
