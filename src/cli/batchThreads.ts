import { once } from 'node:events'
import { availableParallelism, freemem } from 'node:os'
import { Worker } from 'node:worker_threads'
import { corpusEngineOver } from '../core/corpus/corpusEngineCalls'
import { noProgress, type RunProgress } from '../core/corpus/run'
import { type Failure, FailureError, failureOf } from '../core/failure'
import type { BatchReport, BatchRequest, BatchThreadData } from './batchProtocol'
import type { Measurer } from './measurer'
import type { ModelOptions } from './options'

/** What an open model takes beside its weights: the runtime arranges matrices for its products, and works on some. */
const MEMORY_OF_WEIGHTS = 3

/** More lanes than these are never open. */
export const maxLanes = ({ device, threads }: Pick<ModelOptions, 'device' | 'threads'>) =>
  device === 'cpu' ? threads || availableParallelism() : 1

/**
 * How many lanes measure batches beside one another, and on how many cores each. One a core where there are batches and
 * memory enough, each with its own model: cores that share one forward wait for each other after every operator
 * (docs/performance.md).
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

type Ask = (request: BatchRequest, onProgress?: (progress: RunProgress) => void) => Promise<unknown>

/** Requests to a thread, one at a time. */
function requestsTo(worker: Worker): Ask {
  let lost: Failure | null = null
  let underWay: ((report: Exclude<BatchReport, { kind: 'progress' }>) => void) | null = null
  let listener: (progress: RunProgress) => void = () => {}
  const lose = (message: string) => {
    lost ??= { kind: 'worker-lost', message }
    underWay?.({ kind: 'failed', failure: lost })
  }
  worker.on('message', (report: BatchReport) => {
    if (report.kind === 'progress') listener(report.progress)
    else underWay?.(report)
  })
  worker.on('error', (thrown) => lose(`A thread that measures batches stopped: ${failureOf(thrown).message}`))
  worker.on('exit', (code) => lose(`A thread that measures batches ended with code ${code}.`))
  return (request, onProgress = () => {}) =>
    new Promise((resolve, reject) => {
      if (lost) throw new FailureError(lost)
      underWay = (report) => {
        underWay = null
        if (report.kind === 'failed') reject(new FailureError(report.failure))
        else resolve(report.value)
      }
      listener = onProgress
      worker.postMessage(request)
    })
}

/**
 * Models in threads of their own; the first also answers while texts are read.
 *
 * @param script what a thread runs (batchThread)
 */
export function openBatchThreads(script: URL, count: number, data: BatchThreadData): Measurer {
  const workers = Array.from({ length: count }, () => new Worker(script, { workerData: data }))
  const threads = workers.map(requestsTo)
  return {
    engine: corpusEngineOver((method, args) => threads[0]({ kind: 'ask', method, args })),
    lanes: () =>
      threads.map((ask) => async (index, onProgress) => {
        try {
          return (await ask({ kind: 'measure', index }, onProgress)) as RunProgress
        } catch (thrown) {
          return noProgress('failed', 0, failureOf(thrown))
        }
      }),
    close: async () => {
      const open = workers.filter(({ threadId }) => threadId >= 0)
      await Promise.all(
        open.map((worker) => {
          const ended = once(worker, 'exit')
          worker.postMessage({ kind: 'close' } satisfies BatchRequest)
          return ended
        }),
      )
    },
  }
}
