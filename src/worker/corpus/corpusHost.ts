import type { CorpusEngine } from '../../core/corpus/corpusEngine'
import type { CorpusService } from '../../core/corpus/corpusService'
import { type Failure, fail } from '../../core/failure'
import { callOf, connect, type Port, proxy } from '../../core/rpc'
import { createCorpusRuns } from '../../corpus/corpusRuns'
import { PAGE_LIMITS } from '../../corpus/run/measureSequence'
import type { RunLocks } from '../../corpus/runLocks'
import { createFallbackStore } from '../../corpus/store/fallbackStore'
import { createIndexedDbStore } from '../../corpus/store/indexedDbStore'
import { createMemoryStore } from '../../corpus/store/memoryStore'
import type { RunStore } from '../../corpus/store/runStore'
import { createRunLocks } from './corpusLocks'

export interface CorpusHostOptions {
  /** Store of the runs; they stay in memory where it refuses. */
  readonly store?: RunStore
  readonly locks?: RunLocks
}

/** Finds the buffers of all typed arrays in a value of plain objects and arrays: they move rather than being copied. */
function buffersOf(value: unknown, found = new Set<ArrayBuffer>()): ArrayBuffer[] {
  if (ArrayBuffer.isView(value)) {
    if (value.buffer instanceof ArrayBuffer) found.add(value.buffer)
  } else if (value !== null && typeof value === 'object') {
    for (const part of Object.values(value)) buffersOf(part, found)
  }
  return [...found]
}

/**
 * Answers in the worker: a `CorpusService` over the page's `CorpusEngine`, which it asks back. Once, before any other
 * call, `connect` gives the address of the page's folder, with a trailing slash.
 */
export function serveCorpus(port: Port, options: CorpusHostOptions = {}): void {
  let service: CorpusService | null = null
  let notice: Failure | null = null

  const begin = (base: string) => {
    const store = createFallbackStore(options.store ?? createIndexedDbStore(), createMemoryStore(), {
      onFallback: (failure) => {
        notice = failure
      },
    })
    service = createCorpusRuns({
      engine: proxy<CorpusEngine>(page.call),
      store,
      locks: options.locks ?? createRunLocks(),
      limits: PAGE_LIMITS,
      base,
      notice: () => notice,
    })
  }

  const page = connect(port, {
    serve: async (method, args) => {
      if (method === 'connect') return begin(String(args[0]))
      return callOf(service ?? fail('not-ready', 'The corpus worker is not connected yet.'))(method, args)
    },
    // Made for this answer alone, unlike counts and figures, which may be kept here.
    transferOf: (method, value) => (method === 'scatter' ? buffersOf(value) : []),
  })
}
