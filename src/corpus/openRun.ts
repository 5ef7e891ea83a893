import type { CorpusEngine } from '../core/corpus/corpusEngine'
import type { RunListener, StoredRun } from '../core/corpus/corpusService'
import { computeFigures } from '../core/corpus/figures/computeFigures'
import type { Figures } from '../core/corpus/figures/figures'
import { completeTables } from '../core/corpus/records/addedColumns'
import type { RecordTables } from '../core/corpus/records/records'
import type { CorpusRun, RunHeader, RunProgress, TokenCounts, TokenNames } from '../core/corpus/run'
import { DEFAULT_SETTINGS } from '../core/corpus/runLink'
import type { Failure } from '../core/failure'
import type { Norm } from '../core/measures/norm'
import type { RunFile } from './files/runFile'
import { createFigurePublisher } from './run/figurePublisher'
import type { CallLimits } from './run/measureSequence'
import { createOccurrenceContexts } from './run/occurrenceContexts'
import { createRunner, type Runner } from './run/runner'
import { amountsOf } from './runRecords'
import type { KeptRun, RunStore } from './store/runStore'

/** Holds the run that the page shows, whether or not it is running. */
export interface OpenRun {
  readonly header: RunHeader
  readonly counts: TokenCounts
  /** Null for a run from a file: it has no texts with which to continue. */
  readonly runner: Runner | null
  readonly progress: RunProgress
  readonly hasTexts: boolean
  readonly tokenNames: TokenNames | null
  readonly contexts: ReturnType<typeof createOccurrenceContexts>
  /** Returns rows in their final places; all measured rows if the run was cancelled. */
  tables(): RecordTables
  figures(norm: Norm): Figures
  text(sequence: number): Promise<string | null>
}

export interface OpenRunOptions {
  readonly engine: CorpusEngine
  readonly store: RunStore
  readonly limits: CallLimits
  readonly listener: RunListener
  readonly notice: () => Failure | null
  /** Milliseconds. */
  readonly now: () => number
}

export const storedRunOf = ({ header, progress, hasTexts, tokenNames }: OpenRun): StoredRun => ({
  header,
  progress,
  hasTexts,
  tokenNames,
})

export const runOf = (run: OpenRun): CorpusRun => ({
  header: run.header,
  counts: run.counts,
  tables: run.tables(),
  status: run.progress.status,
})

/** Opens a run from the store. */
export async function openKeptRun(kept: KeptRun, options: OpenRunOptions): Promise<OpenRun> {
  const { engine, store, limits, listener, notice, now } = options
  const { header: stored, counts } = kept
  // A run that an earlier version stored has fewer settings and columns.
  const header = { ...stored, settings: { ...DEFAULT_SETTINGS, ...stored.settings } }
  const text = async (sequence: number) => (await store.text(header.id, sequence))?.text ?? null
  const hasTexts = header.sampled > 0 && (await text(0)) !== null
  let norm = header.settings.norm
  const tables = () => runner.records.tables({ all: runner.progress.status === 'cancelled' })
  const compute = () => {
    const running = runner.progress.status === 'running'
    const run = { header, counts, tables: tables() }
    // Intervals by bootstrap take seconds, which a run that goes on needs itself.
    return computeFigures(run, running ? { norm, resamples: 0 } : { norm })
  }
  const publisher = createFigurePublisher(() => listener.figures(compute()), now)
  const runner = createRunner({
    engine,
    store,
    header,
    limits,
    batches: kept.batches.map((batch) => ({
      ...batch,
      tables: completeTables(header, batch.tables),
    })),
    progress: kept.progress,
    onProgress: (progress) => listener.progress(progress),
    onRecords: () => publisher.touch(),
    notice,
    now,
  })
  return {
    header,
    counts,
    runner,
    get progress() {
      return runner.progress
    },
    hasTexts,
    tokenNames: null,
    contexts: createOccurrenceContexts({ engine, sha256: header.provenance.sha256, text }),
    tables,
    figures(wanted) {
      norm = wanted
      return compute()
    },
    text,
  }
}

/** Opens a run from a file: numbers without texts. */
export function openRunFile(
  { header, counts, tables, status, figures, tokenNames }: RunFile,
  engine: CorpusEngine,
): OpenRun {
  // A run that did not end cannot continue from a file.
  const ended = status === 'finished' || status === 'failed' ? status : 'cancelled'
  const text = async () => null
  return {
    header,
    counts,
    runner: null,
    progress: {
      ...amountsOf(tables),
      status: ended,
      total: header.sampled,
      secondsLeft: null,
      failure: null,
    },
    hasTexts: false,
    tokenNames,
    contexts: createOccurrenceContexts({ engine, sha256: header.provenance.sha256, text }),
    tables: () => tables,
    figures: (norm) => computeFigures({ header, counts, tables }, { norm, shipped: figures?.[norm] ?? null }),
    text,
  }
}
