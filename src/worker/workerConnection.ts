import { proxy } from 'comlink'
import type { CorpusEngine } from '../core/corpus/corpusEngine'
import { corpusEngineOver } from '../core/corpus/corpusEngineCalls'
import type { Explorer } from '../core/explorer'
import { FailureError } from '../core/failure'
import { createEnding } from './ending'
import type { Answer, ExplorerHost, StartOptions } from './protocol'
import { type WorkerLike, wrapWorker } from './remoteWorker'

export type { WorkerLike } from './remoteWorker'

/** An Explorer in a worker. Every call is answered, also when the worker dies. */
export interface WorkerConnection extends Explorer {
  /** Ends the worker at once; calls under way reject with `cancelled`. */
  terminate(): void
  readonly corpus: CorpusEngine
}

export function connectWorker(worker: WorkerLike, options: StartOptions): WorkerConnection {
  const { remote, terminate } = wrapWorker<ExplorerHost>(worker)
  const ending = createEnding()
  worker.addEventListener('error', (event) => {
    event.preventDefault?.()
    const detail = (event as ErrorEvent).message
    ending.end(
      new FailureError({
        kind: 'worker-lost',
        message: `The worker that runs the model stopped${detail ? `: ${detail}` : '.'}`,
        kept: 'Your text and pins are kept.',
        advice: 'It is started again.',
      }),
    )
  })

  /** Comlink's types lose the answer's; the host's own are the ones that hold. */
  async function ask<T>(call: () => unknown): Promise<T> {
    const settled = await ending.before(() => call() as Promise<Answer<T>>)
    if (!settled.ok) throw new FailureError(settled.failure)
    return settled.value
  }

  const started = ask<void>(() => remote.start(options))
  started.catch(() => undefined)

  return {
    async load(source, onProgress) {
      await started
      return ask(() => remote.load(source, onProgress && proxy(onProgress)))
    },
    vocabulary: () => ask(() => remote.vocabulary()),
    tokenize: (text) => ask(() => remote.tokenize(text)),
    neighbors: (request) => ask(() => remote.neighbors(request)),
    measure: (request) => ask(() => remote.measure(request)),
    closestTokens: (request) => ask(() => remote.closestTokens(request)),
    predictTokens: (request) => ask(() => remote.predictTokens(request)),
    tokenLikelihoods: (request) => ask(() => remote.tokenLikelihoods(request)),
    dispose: () => ask(() => remote.dispose()),
    corpus: corpusEngineOver((method, args) => ask(() => remote.corpus(method, args))),
    terminate() {
      ending.end(new FailureError({ kind: 'cancelled', message: 'Stopped.' }))
      terminate()
    },
  }
}
