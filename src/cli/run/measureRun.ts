import type { RunProgress } from '../../core/corpus/run'
import { FailureError } from '../../core/failure'
import { SEQUENCES_PER_BATCH } from '../../corpus/run/runner'
import { type MeasureBatch, sequencesIn } from './measureBatch'
import type { RunFolder, RunPart } from './runFolder'

/** Holds the progress of a part of a run. */
export interface PartProgress {
  /** Measured sequences of the part, those of earlier sessions included. */
  readonly done: number
  readonly total: number
  /** Tokens and substitutions measured by this process. */
  readonly tokens: number
  readonly substitutions: number
}

type Amounts = Pick<RunProgress, 'done' | 'tokens' | 'substitutions'>

export interface MeasureRunOptions {
  readonly folder: RunFolder
  /** Lanes, each of which measures one batch at a time, in parallel with the others. */
  readonly lanes: readonly MeasureBatch[]
  readonly onProgress: (progress: PartProgress) => void
  /** Asked before each batch. */
  readonly isStopped: () => boolean
}

/** Returns the batches of a part: parts begin where a batch begins. */
export const batchRange = ({ first, end }: RunPart) => ({
  from: first / SEQUENCES_PER_BATCH,
  to: Math.ceil(end / SEQUENCES_PER_BATCH),
})

/** Returns shard `index` (from 1) of `of`: whole batches, as equal as possible; empty if there are too few. */
export function shardPart(sampled: number, index: number, of: number): RunPart {
  const batches = Math.ceil(sampled / SEQUENCES_PER_BATCH)
  const sequenceOf = (shard: number) =>
    Math.min(Math.floor((batches * shard) / of) * SEQUENCES_PER_BATCH, sampled)
  return { first: sequenceOf(index - 1), end: sequenceOf(index) }
}

/** Returns the indices of the batches that a folder lacks, ascending. */
export async function missingBatches(folder: RunFolder): Promise<readonly number[]> {
  const { from, to } = batchRange(folder.part)
  const measured = new Set(await folder.batchIndices())
  return Array.from({ length: to - from }, (_, i) => from + i).filter((index) => !measured.has(index))
}

const plus = (a: Amounts, b: Amounts): Amounts => ({
  done: a.done + b.done,
  tokens: a.tokens + b.tokens,
  substitutions: a.substitutions + b.substitutions,
})

const NONE: Amounts = { done: 0, tokens: 0, substitutions: 0 }

/**
 * Measures the batches that a folder lacks, each written as soon as it is complete. The numbers of a batch depend on no
 * other, so that any number of lanes gives the same run.
 *
 * @returns whether all is measured; false where it was stopped
 * @throws FailureError of the engine or the folder, once the current batches have ended
 */
export async function measureRun({
  folder,
  lanes,
  onProgress,
  isStopped,
}: MeasureRunOptions): Promise<boolean> {
  const { part } = folder
  const total = part.end - part.first
  const missing = await missingBatches(folder)
  const lacking = missing.reduce((sum, index) => sum + sequencesIn(part, index), 0)
  const waiting = [...missing]
  const underWay = new Map<number, Amounts>()
  let complete: Amounts = { ...NONE, done: total - lacking }
  let failed: FailureError | null = null

  const report = () => onProgress({ ...[...underWay.values()].reduce(plus, complete), total })

  async function work(measureBatch: MeasureBatch): Promise<void> {
    while (!failed && !isStopped()) {
      const index = waiting.shift()
      if (index === undefined) return
      const { failure, ...amounts } = await measureBatch(index, (progress) => {
        underWay.set(index, progress)
        report()
      })
      underWay.delete(index)
      if (failure) failed ??= new FailureError(failure)
      else complete = plus(complete, amounts)
    }
  }

  report()
  await Promise.all(lanes.map(work))
  if (failed) {
    const { failure }: FailureError = failed
    throw new FailureError({
      ...failure,
      kept: `${complete.done} of ${total} texts are measured and kept in ${folder.path}.`,
      advice: 'Run the same command again to go on from there.',
    })
  }
  return complete.done === total
}
