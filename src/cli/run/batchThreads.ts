import { once } from 'node:events'
import { availableParallelism, freemem } from 'node:os'
import { Worker } from 'node:worker_threads'
import type { CorpusEngine } from '../../core/corpus/corpusEngine'
import { noProgress } from '../../core/corpus/run'
import { FailureError, failureOf } from '../../core/failure'
import { type Call, connect, proxy } from '../../core/rpc'
import type { ModelOptions } from '../options'
import { type BatchThread, type BatchThreadData, threadPort } from './batchProtocol'
import type { Measurer } from './measurer'

/**
 * Memory of an open model in units of its weights: the runtime rearranges matrices for its products, and needs working
 * memory.
 */
const MEMORY_OF_WEIGHTS = 3

/** Returns the largest number of lanes. */
export const maxLanes = ({ device, threads }: Pick<ModelOptions, 'device' | 'threads'>) =>
  device === 'cpu' ? threads || availableParallelism() : 1

/**
 * Returns how many lanes measure batches in parallel, and on how many cores each: one per core if there are enough
 * batches and memory, each with its own model, since cores that share one forward wait for each other after every
 * operator (docs/performance-notes.md).
 *
 * @param batches that are to be measured
 * @param bytes of the model's weights
 */
export function lanesFor(
  options: Pick<ModelOptions, 'device' | 'threads'>,
  batches: number,
  bytes: number,
): { readonly lanes: number; readonly threads: number } {
  if (options.device !== 'cpu') return { lanes: 1, threads: options.threads }
  const cores = maxLanes(options)
  const room = Math.floor(freemem() / 2 / (MEMORY_OF_WEIGHTS * bytes))
  const lanes = Math.max(1, Math.min(cores, batches, room))
  return { lanes, threads: Math.floor(cores / lanes) }
}

/** Returns calls to a thread, any number at a time; every one is answered, even if the thread ends. */
function callsTo(worker: Worker): Call {
  const { call, end } = connect(threadPort(worker))
  const lose = (message: string) => end(new FailureError({ kind: 'worker-lost', message }))
  worker.on('error', (thrown) => lose(`A thread that measures batches stopped: ${failureOf(thrown).message}`))
  worker.on('exit', (code) => lose(`A thread that measures batches ended with code ${code}.`))
  return call
}

/**
 * Opens models in separate threads; the first also answers while texts are read.
 *
 * @param script what a thread runs (batchThread)
 */
export function openBatchThreads(script: URL, count: number, data: BatchThreadData): Measurer {
  const workers = Array.from({ length: count }, () => new Worker(script, { workerData: data }))
  const calls = workers.map(callsTo)
  const threads = calls.map((call) => proxy<BatchThread>(call))
  return {
    engine: proxy<CorpusEngine>(calls[0]),
    lanes: () =>
      threads.map(({ measure }) => async (index, onProgress) => {
        try {
          return await measure(index, onProgress)
        } catch (thrown) {
          return noProgress('failed', 0, failureOf(thrown))
        }
      }),
    close: async () => {
      const open = workers.flatMap((worker, i) =>
        worker.threadId >= 0 ? [{ worker, thread: threads[i] }] : [],
      )
      await Promise.all(
        open.map(async ({ worker, thread }) => {
          const ended = once(worker, 'exit')
          thread.close().catch(() => undefined)
          await ended
        }),
      )
    },
  }
}
