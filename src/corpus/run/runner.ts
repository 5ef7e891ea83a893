import type { CorpusEngine } from '../../core/corpus/corpusEngine'
import { learnedSequences } from '../../core/corpus/learnedSequences'
import type { RunHeader, RunProgress, RunStatus } from '../../core/corpus/run'
import type { ModelInfo } from '../../core/explorer'
import { type Failure, fail, failureOf } from '../../core/failure'
import { predictionKind } from '../../core/measures/prediction'
import { createRunRecords, type RunRecords } from '../runRecords'
import type { RunStore, StoredBatch } from '../store/runStore'
import { learnMaps } from './learnMaps'
import { type CallLimits, type MeasureContext, measureSequence, readVocabulary } from './measureSequence'
import { createPace } from './pace'
import { type BatchUnderWay, batchTables, encodeBatch, SEQUENCES_PER_BATCH } from './sequenceBatch'
import { createSubstituteCache } from './substituteCache'

export { SEQUENCES_PER_BATCH }

export interface RunnerOptions {
  readonly engine: CorpusEngine
  readonly store: Pick<RunStore, 'append' | 'setProgress' | 'text'>
  readonly header: RunHeader
  readonly limits: CallLimits
  /** Batches of the run that the store already holds, by index from `firstBatch` on. */
  readonly batches: readonly StoredBatch[]
  /** First batch that this runner measures; those before it are measured elsewhere. Default: 0. */
  readonly firstBatch?: number
  /** Texts that maps are learned from; by default those of the header's sample. */
  readonly learnedFrom?: readonly number[]
  readonly progress: RunProgress
  readonly onProgress: (progress: RunProgress) => void
  /** Called when there are more records, or the same in their final order. */
  readonly onRecords?: () => void
  /** Returns a warning that does not stop the run, such as full storage; null: none. */
  readonly notice?: () => Failure | null
  /** Milliseconds. */
  readonly now?: () => number
}

/** Measures one run over the texts in the store. */
export interface Runner {
  readonly progress: RunProgress
  readonly records: RunRecords
  /** Number of complete batches, all of them stored. */
  readonly batches: number
  /**
   * Starts, or continues after a pause, a failure, a cancel or a reload; resolves once the model was checked.
   *
   * @throws FailureError `invalid-request` where another model is open
   */
  start(): Promise<void>
  /** Resolves when nothing is running any more. */
  settled(): Promise<void>
  /** Stops after the current sequence. */
  pause(): Promise<void>
  /** Stops after the current call and stores what was measured. */
  cancel(): Promise<void>
}

const NO_MASK: Failure = {
  kind: 'unsupported-model',
  message: 'The tokenizer of this model has no mask token: the perturbation “mask” is left out.',
}

/** @throws FailureError `invalid-request` */
function checkModel(info: ModelInfo, { provenance }: RunHeader): void {
  if (info.provenance.sha256 === provenance.sha256) return
  fail(
    'invalid-request',
    `The run was measured with ${provenance.modelId} (${provenance.sha256.slice(0, 8)}); the model that is open is ${info.id} (${info.provenance.sha256.slice(0, 8)}).`,
    {
      kept: 'What was measured is kept.',
      advice: `Open ${provenance.modelId} to go on, or start a new run with ${info.id}.`,
    },
  )
}

/** Measures the sampled texts batch by batch, so that an interrupted run gives the same numbers as one that was not. */
export function createRunner(options: RunnerOptions): Runner {
  const { engine, store, header, limits, firstBatch = 0, now = () => performance.now() } = options
  const { settings, layers, labels, sampled, id } = header
  const prediction = predictionKind({ details: header })
  const { learnedFrom = learnedSequences(header) } = options
  const total = sampled - firstBatch * SEQUENCES_PER_BATCH
  const complete = options.batches.filter((batch) => batch.complete)
  const cache = createSubstituteCache(engine, settings)
  const records = createRunRecords(layers, settings)
  const pace = createPace(now)
  let nextBatch = firstBatch + complete.length
  let batch: BatchUnderWay | null = null
  let context: MeasureContext | null = null
  let wanted: 'run' | 'pause' | 'cancel' = 'pause'
  let underWay: Promise<void> | null = null
  let progress = options.progress
  let unmasked: Failure | null = null
  for (const { tables } of complete) {
    cache.restore(tables)
    records.complete(tables)
  }
  for (const { tables } of options.batches.slice(complete.length)) records.addPartial(tables)

  /**
   * Estimates the tokens of the remaining sequences: those of the current batch are known, the others get the mean
   * length.
   */
  function tokensLeft(): number {
    const waiting = batch?.sequences.filter(({ sequence }) => !batch?.results.has(sequence)) ?? []
    const waitingTokens = waiting.reduce((sum, { inputIds }) => sum + inputIds.length, 0)
    const { done, tokens } = records.amounts
    const seen = done + waiting.length
    const mean = seen > 0 ? (tokens + waitingTokens) / seen : 0
    return waitingTokens + mean * (total - seen)
  }

  function progressWith(status: RunStatus, failure: Failure | null = null): RunProgress {
    return {
      ...records.amounts,
      status,
      total,
      secondsLeft: status === 'running' ? pace.secondsFor(tokensLeft()) : null,
      failure: failure ?? options.notice?.() ?? unmasked,
    }
  }

  function report(next: RunProgress): void {
    progress = next
    options.onProgress(progress)
  }

  async function checkpoint(): Promise<void> {
    if (wanted === 'cancel') fail('cancelled', 'The run was cancelled.')
  }

  async function openContext(): Promise<MeasureContext> {
    const vocabulary = await readVocabulary(engine)
    if (vocabulary.maskId === null && settings.perturbations.includes('mask')) unmasked = NO_MASK
    const maps = learnedFrom.length > 0 ? { key: id, sequences: new Set(learnedFrom) } : undefined
    return { engine, settings, layers, labels, prediction, limits, cache, maps, checkpoint, ...vocabulary }
  }

  /** Learns the maps that the engine does not have; false if a pause was asked for before it was done. */
  const learn = ({ framingIds }: MeasureContext) =>
    learnMaps({
      engine,
      store,
      header,
      framingIds,
      sequences: learnedFrom,
      onProgress: (learning) => report({ ...progressWith('running'), secondsLeft: null, learning }),
      checkpoint,
      isPaused: () => wanted === 'pause',
    })

  /** Measures the current batch; false if a pause was asked for before it was complete. */
  async function runBatch(measure: MeasureContext): Promise<boolean> {
    checkModel(await engine.info(), header)
    if (measure.maps && !(await learn(measure))) return false
    batch ??= await encodeBatch(nextBatch, { engine, store, header, checkpoint })
    const { sequences, results } = batch
    for (const encoded of sequences) {
      if (results.has(encoded.sequence)) continue
      if (wanted === 'pause') return false
      const tables = await measureSequence(measure, encoded)
      results.set(encoded.sequence, tables)
      records.addPartial(tables)
      pace.add(encoded.inputIds.length)
      report(progressWith('running'))
      options.onRecords?.()
    }
    // Numbers of two models in one batch would be worth nothing.
    checkModel(await engine.info(), header)
    const tables = batchTables(batch)
    const isLast = (nextBatch + 1) * SEQUENCES_PER_BATCH >= sampled
    const stored = progressWith(isLast ? 'finished' : 'running')
    await store.append(id, { index: nextBatch, complete: true, tables }, stored)
    records.complete(tables)
    batch = null
    nextBatch++
    return true
  }

  async function keepPartial(): Promise<void> {
    const cancelled = progressWith('cancelled')
    try {
      if (batch && batch.results.size > 0) {
        const tables = batchTables(batch)
        await store.append(id, { index: batch.index, complete: false, tables }, cancelled)
      } else await store.setProgress(id, cancelled)
      report(progressWith('cancelled'))
    } catch (thrown) {
      report(progressWith('cancelled', failureOf(thrown)))
    }
  }

  function explained(failure: Failure): Failure {
    const kept = `${records.amounts.done} of ${total} texts are measured and kept.`
    // The engine's own calls are cancelled where the page closes or replaces the model.
    const own: Failure =
      failure.kind === 'cancelled'
        ? { kind: 'not-ready', message: 'The model was closed while the run went on.' }
        : failure
    return { ...own, kept: own.kept ?? kept, advice: own.advice ?? 'Resume to go on from there.' }
  }

  async function stop(status: RunStatus, failure: Failure | null = null): Promise<void> {
    const stopped = progressWith(status, failure)
    report(stopped)
    try {
      // The current batch is only in memory.
      await store.setProgress(id, { ...stopped, ...records.completeAmounts })
    } catch (thrown) {
      report(progressWith(status, failure ?? failureOf(thrown)))
    }
  }

  async function work(): Promise<void> {
    try {
      context ??= await openContext()
      while (nextBatch * SEQUENCES_PER_BATCH < sampled) {
        await checkpoint()
        if (wanted === 'pause' || !(await runBatch(context))) return await stop('paused')
        options.onRecords?.()
      }
      await stop('finished')
    } catch (thrown) {
      if (wanted === 'cancel') return keepPartial()
      const failure = failureOf(thrown)
      // A model that was changed within a batch spoils that batch.
      if (failure.kind === 'invalid-request') dropBatch()
      await stop('failed', explained(failure))
    }
  }

  function dropBatch(): void {
    batch = null
    records.dropPartial()
  }

  return {
    get progress() {
      return progress
    },
    records,
    get batches() {
      return nextBatch - firstBatch
    },
    async start() {
      if (!underWay) checkModel(await engine.info(), header)
      wanted = 'run'
      if (underWay) return
      // The stored part of a batch in which the run was cancelled is measured again.
      if (!batch) records.dropPartial()
      pace.start()
      report(progressWith('running'))
      underWay = work().finally(() => {
        underWay = null
      })
    },
    settled: async () => {
      await underWay
    },
    async pause() {
      if (wanted === 'run') wanted = 'pause'
      await underWay
    },
    async cancel() {
      wanted = 'cancel'
      if (underWay) await underWay
      else if (progress.status !== 'finished') await keepPartial()
    },
  }
}
