import { proxy } from 'comlink'
import type { CorpusEngine } from '../core/corpus/corpusEngine'
import { callCorpusEngine } from '../core/corpus/corpusEngineCalls'
import type { RunListener } from '../core/corpus/corpusService'
import { FailureError } from '../core/failure'
import { answered, type CorpusHost, type ListenerCall, type ServiceMethod, unwrapped } from './corpusProtocol'
import { createEnding } from './ending'
import type { Answer } from './protocol'
import { type WorkerLike, wrapWorker } from './remoteWorker'

/** A CorpusService in a worker. Every call is answered, also when the worker dies. */
export interface CorpusConnection {
  call(method: ServiceMethod, args: readonly unknown[], listener: RunListener | null): Promise<unknown>
  /** Ends the worker at once; calls under way reject with `cancelled`. */
  terminate(): void
}

function callOn(listener: RunListener): ListenerCall {
  return (method, args) => {
    const tell = listener[method] as (...values: readonly unknown[]) => void
    tell(...args)
  }
}

/** @param onLost the worker died: nothing will answer any more */
export function connectCorpusWorker(
  worker: WorkerLike,
  { engine, base }: { readonly engine: CorpusEngine; readonly base: string },
  onLost: (lost: FailureError) => void,
): CorpusConnection {
  const { remote, terminate } = wrapWorker<CorpusHost>(worker)
  const ending = createEnding()
  worker.addEventListener('error', (event) => {
    event.preventDefault?.()
    const detail = (event as ErrorEvent).message
    const lost = new FailureError({
      kind: 'worker-lost',
      message: `The worker that reads and counts stopped${detail ? `: ${detail}` : '.'}`,
      kept: 'All complete batches are stored.',
      advice: 'Resume to go on from there.',
    })
    ending.end(lost)
    onLost(lost)
  })

  async function ask(call: () => unknown): Promise<unknown> {
    return unwrapped(await ending.before(() => call() as Promise<Answer<unknown>>))
  }

  const connected = ask(() =>
    remote.connect(
      proxy((method: keyof CorpusEngine, args: readonly unknown[]) =>
        answered(() => callCorpusEngine(engine, method, args)),
      ),
      base,
    ),
  )
  connected.catch(() => undefined)

  return {
    async call(method, args, listener) {
      await connected
      return ask(() => remote.call(method, args, listener && proxy(callOn(listener))))
    },
    terminate() {
      ending.end(new FailureError({ kind: 'cancelled', message: 'Stopped.' }))
      terminate()
    },
  }
}
