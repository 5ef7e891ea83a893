import { transfer } from 'comlink'
import { corpusEngineOver } from '../core/corpus/corpusEngineCalls'
import type { CorpusService, RunListener } from '../core/corpus/corpusService'
import { type Failure, fail } from '../core/failure'
import { createCorpusRuns } from '../corpus/corpusRuns'
import { PAGE_LIMITS } from '../corpus/measureSequence'
import type { RunLocks } from '../corpus/runLocks'
import { createFallbackStore } from '../corpus/store/fallbackStore'
import { createIndexedDbStore } from '../corpus/store/indexedDbStore'
import { createMemoryStore } from '../corpus/store/memoryStore'
import type { RunStore } from '../corpus/store/runStore'
import { createRunLocks } from './corpusLocks'
import { answered, type CorpusHost, type ListenerCall, unwrapped } from './corpusProtocol'
import { buffersOf } from './corpusTransfer'

export interface CorpusHostOptions {
  /** Where runs are kept; in memory where it refuses. */
  readonly store?: RunStore
  readonly locks?: RunLocks
}

function listenerOver(call: ListenerCall): RunListener {
  return {
    progress: (progress) => call('progress', [progress]),
    figures: (figures) => call('figures', [figures]),
    malformed: (rows, total) => call('malformed', [rows, total]),
  }
}

/** The worker's side: one service, every call answered by a value. */
export function createCorpusHost(options: CorpusHostOptions = {}): CorpusHost {
  let service: CorpusService | null = null
  let notice: Failure | null = null

  return {
    connect: (engine, base) =>
      answered(() => {
        const store = createFallbackStore(options.store ?? createIndexedDbStore(), createMemoryStore(), {
          onFallback: (failure) => {
            notice = failure
          },
        })
        service = createCorpusRuns({
          engine: corpusEngineOver(async (method, args) => unwrapped(await engine(method, args))),
          store,
          locks: options.locks ?? createRunLocks(),
          limits: PAGE_LIMITS,
          base,
          notice: () => notice,
        })
      }),

    async call(method, args, listener) {
      const answer = await answered(() => {
        const call = (service ?? fail('not-ready', 'The corpus worker is not connected yet.'))[method] as (
          ...values: readonly unknown[]
        ) => Promise<unknown>
        return call(...args, ...(listener ? [listenerOver(listener)] : []))
      })
      // Made for this answer alone, unlike counts and figures, which may be kept here.
      return method === 'scatter' && answer.ok ? transfer(answer, buffersOf(answer.value)) : answer
    },
  }
}
