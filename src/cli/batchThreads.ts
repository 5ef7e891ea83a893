import { once } from 'node:events'
import { availableParallelism, freemem } from 'node:os'
import { Worker } from 'node:worker_threads'
import { noProgress, type RunProgress } from '../core/corpus/run'
import { type Failure, failureOf } from '../core/failure'
import type { BatchReport, BatchRequest, BatchThreadData } from './batchProtocol'
import type { MeasureBatch } from './measureBatch'
import type { ModelOptions } from './options'

/** What an open model takes beside its weights: the runtime arranges matrices for its products, and works on some. */
const MEMORY_OF_WEIGHTS = 3

/**
 * How many lanes measure batches beside one another, and on how many cores each. One a core where there are batches and
 * memory enough, each with its own model: cores that share one forward wait for each other after every operator
 * (docs/performance.md).
 *
 * @param batches that are to be measured
 * @param bytes of the model's weights
 */
export function lanesFor(
  { device, threads }: Pick<ModelOptions, 'device' | 'threads'>,
  batches: number,
  bytes: number,
): { readonly lanes: number; readonly threads: number } {
  if (device !== 'cpu') return { lanes: 1, threads }
  const cores = threads || availableParallelism()
  const room = Math.floor(freemem() / 2 / (MEMORY_OF_WEIGHTS * bytes))
  const lanes = Math.max(1, Math.min(cores, batches, room))
  return { lanes, threads: Math.floor(cores / lanes) }
}

export interface BatchThreads {
  readonly lanes: readonly MeasureBatch[]
  /** Waits for what is under way. */
  close(): Promise<void>
}

const failedWith = (failure: Failure) => noProgress('failed', 0, failure)

/** A lane that a thread of its own runs. */
function createLane(worker: Worker): MeasureBatch {
  let lost: Failure | null = null
  let settle: ((progress: RunProgress) => void) | null = null
  let onProgress: (progress: RunProgress) => void = () => {}
  const end = (progress: RunProgress) => {
    settle?.(progress)
    settle = null
  }
  const lose = (message: string) => {
    lost ??= { kind: 'worker-lost', message }
    end(failedWith(lost))
  }
  worker.on('message', (report: BatchReport) => {
    if (report.kind === 'failed') end(failedWith(report.failure))
    else if (report.kind === 'ended') end(report.progress)
    else onProgress(report.progress)
  })
  worker.on('error', (thrown) => lose(`A thread that measured a batch stopped: ${failureOf(thrown).message}`))
  worker.on('exit', (code) => lose(`A thread that measured a batch ended with code ${code}.`))
  return (index, listener) =>
    new Promise((resolve) => {
      if (lost) return resolve(failedWith(lost))
      settle = resolve
      onProgress = listener
      worker.postMessage(index satisfies BatchRequest)
    })
}

/** @param script what a thread runs (batchThread) */
export function openBatchThreads(script: URL, count: number, data: BatchThreadData): BatchThreads {
  const workers = Array.from({ length: count }, () => new Worker(script, { workerData: data }))
  return {
    lanes: workers.map(createLane),
    close: async () => {
      const open = workers.filter(({ threadId }) => threadId >= 0)
      await Promise.all(
        open.map((worker) => {
          const ended = once(worker, 'exit')
          worker.postMessage(null satisfies BatchRequest)
          return ended
        }),
      )
    },
  }
}
