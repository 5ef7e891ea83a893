import type { CorpusEngine } from '../../core/corpus/corpusEngine'
import { learnedSequences } from '../../core/corpus/learnedSequences'
import { noProgress, type RunProgress } from '../../core/corpus/run'
import { type CallLimits, PROCESSOR_LIMITS } from '../../corpus/run/measureSequence'
import { createRunner, SEQUENCES_PER_BATCH } from '../../corpus/run/runner'
import type { NodeDevice } from '../../engine/forward/nodeDevices'
import type { RunFolder, RunPart } from './runFolder'

/** Returns the limits of one call on a device: a graphics card has memory for more. */
export const limitsOf = (device: NodeDevice): CallLimits =>
  device === 'cpu' ? PROCESSOR_LIMITS : { ...PROCESSOR_LIMITS, maxTokensPerCall: 4096 }

/** Returns the number of sequences in a batch that belong to the part. */
export const sequencesIn = (part: RunPart, index: number) =>
  Math.min(SEQUENCES_PER_BATCH, part.end - index * SEQUENCES_PER_BATCH)

const NOT_STARTED = noProgress('paused')

/** Measures one batch of a run into its folder; a failure is in the progress. */
export type MeasureBatch = (
  index: number,
  onProgress: (progress: RunProgress) => void,
) => Promise<RunProgress>

export interface MeasureBatchOptions {
  readonly engine: CorpusEngine
  readonly folder: RunFolder
  readonly limits: CallLimits
}

/**
 * Returns a function that makes a new runner for each batch: its records are released with it, so that memory does not
 * grow with the run.
 */
export function createMeasureBatch({ engine, folder, limits }: MeasureBatchOptions): MeasureBatch {
  const { header, part } = folder
  return async (index, onProgress) => {
    const runner = createRunner({
      engine,
      store: {
        append: (_, batch) => folder.writeBatch(batch.index, batch.tables),
        setProgress: async () => {},
        text: (_, sequence) => folder.text(sequence),
      },
      header: { ...header, sampled: index * SEQUENCES_PER_BATCH + sequencesIn(part, index) },
      limits,
      batches: [],
      firstBatch: index,
      learnedFrom: learnedSequences(header),
      progress: NOT_STARTED,
      onProgress,
    })
    await runner.start()
    await runner.settled()
    return runner.progress
  }
}
