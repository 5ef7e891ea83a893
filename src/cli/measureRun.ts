import type { CorpusEngine } from '../core/corpus/corpusEngine'
import type { RunProgress } from '../core/corpus/run'
import { FailureError } from '../core/failure'
import type { CallLimits } from '../corpus/measureSequence'
import { createRunner, SEQUENCES_PER_BATCH } from '../corpus/runner'
import type { NodeDevice } from '../engine/nodeDevices'
import type { RunFolder, RunPart } from './runFolder'

/**
 * Nobody else waits for the model, so that a call is as large as it is fast. On the processor that is a few sequences, whose
 * intermediate values stay in its cache (docs/performance.md).
 */
export const LIMITS: CallLimits = { maxTokensPerCall: 512, maxReadingsPerCall: 64 }

/** What one call may hold on a device: a graphics card has room for more. */
export const limitsOf = (device: NodeDevice): CallLimits =>
  device === 'cpu' ? LIMITS : { ...LIMITS, maxTokensPerCall: 4096 }

/** How far a part of a run is. */
export interface PartProgress {
  /** Sequences of the part, those of earlier sessions among them. */
  readonly done: number
  readonly total: number
  /** Tokens and substitutions measured by this process. */
  readonly tokens: number
  readonly substitutions: number
}

export interface MeasureRunOptions {
  readonly engine: CorpusEngine
  readonly folder: RunFolder
  readonly limits: CallLimits
  readonly onProgress: (progress: PartProgress) => void
  /** Asked before each batch. */
  readonly isStopped: () => boolean
}

/** Batches that a part consists of: parts begin where a batch begins. */
export const batchRange = ({ first, end }: RunPart) => ({
  from: first / SEQUENCES_PER_BATCH,
  to: Math.ceil(end / SEQUENCES_PER_BATCH),
})

/** Shard `index` (from 1) of `of`: whole batches, as equal as they can be; empty where there are too few. */
export function shardPart(sampled: number, index: number, of: number): RunPart {
  const batches = Math.ceil(sampled / SEQUENCES_PER_BATCH)
  const sequenceOf = (shard: number) =>
    Math.min(Math.floor((batches * shard) / of) * SEQUENCES_PER_BATCH, sampled)
  return { first: sequenceOf(index - 1), end: sequenceOf(index) }
}

const NOT_STARTED: RunProgress = {
  status: 'paused',
  done: 0,
  total: 0,
  secondsLeft: null,
  tokens: 0,
  substitutions: 0,
  failure: null,
}

/**
 * Measures what a folder lacks, batch by batch, and writes each as soon as it is complete. A runner of its own for each
 * batch: its records are let go with it, so that memory does not grow with the run.
 *
 * @returns whether all is measured; false where it was stopped
 * @throws FailureError of the engine or the folder
 */
export async function measureRun({
  engine,
  folder,
  limits,
  onProgress,
  isStopped,
}: MeasureRunOptions): Promise<boolean> {
  const { header, part } = folder
  const { from, to } = batchRange(part)
  const measured = new Set(await folder.batchIndices())
  const sequencesIn = (index: number) => Math.min(SEQUENCES_PER_BATCH, part.end - index * SEQUENCES_PER_BATCH)
  const total = part.end - part.first
  let done = 0
  let tokens = 0
  let substitutions = 0
  for (let index = from; index < to; index++) if (measured.has(index)) done += sequencesIn(index)

  async function measureBatch(index: number): Promise<RunProgress> {
    const runner = createRunner({
      engine,
      store: {
        append: (_, batch) => folder.writeBatch(batch.index, batch.tables),
        setProgress: async () => {},
        text: (_, sequence) => folder.text(sequence),
      },
      header: { ...header, sampled: index * SEQUENCES_PER_BATCH + sequencesIn(index) },
      limits,
      batches: [],
      firstBatch: index,
      progress: NOT_STARTED,
      onProgress: (progress) =>
        onProgress({
          done: done + progress.done,
          total,
          tokens: tokens + progress.tokens,
          substitutions: substitutions + progress.substitutions,
        }),
    })
    await runner.start()
    await runner.settled()
    return runner.progress
  }

  onProgress({ done, total, tokens, substitutions })
  for (let index = from; index < to; index++) {
    if (measured.has(index)) continue
    if (isStopped()) return false
    const progress = await measureBatch(index)
    if (progress.failure) {
      throw new FailureError({
        ...progress.failure,
        kept: `${done} of ${total} texts are measured and kept in ${folder.path}.`,
        advice: 'Run the same command again to go on from there.',
      })
    }
    done += progress.done
    tokens += progress.tokens
    substitutions += progress.substitutions
  }
  return true
}
