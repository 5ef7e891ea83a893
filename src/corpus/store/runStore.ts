import type { RecordTables } from '../../core/corpus/records/records'
import type { RunProgress, RunSummary, TokenCounts } from '../../core/corpus/run'
import type { NewRun } from '../run/newRun'
import type { CorpusText } from '../run/textBatches'

/** Holds the records of some sequences, in the order of the sample. */
export interface StoredBatch {
  /** Index from 0. */
  readonly index: number
  /** False if a run was cancelled within it: it is measured again when the run continues. */
  readonly complete: boolean
  readonly tables: RecordTables
}

/** Holds a run as it is stored. */
export interface KeptRun extends RunSummary {
  readonly counts: TokenCounts
  /** Batches by index. */
  readonly batches: readonly StoredBatch[]
}

/** Stores runs. Rejections are `FailureError`s of kind `storage`. */
export interface RunStore {
  create(run: NewRun): Promise<void>
  /** Stores a batch and the run's progress with it: both or neither. A batch of the same index is replaced. */
  append(runId: string, batch: StoredBatch, progress: RunProgress): Promise<void>
  setProgress(runId: string, progress: RunProgress): Promise<void>
  /** Returns a run; null if there is none. */
  load(runId: string): Promise<KeptRun | null>
  /** Returns all runs, newest first. */
  list(): Promise<readonly RunSummary[]>
  /** Returns a sampled text and its row; null if there is none. */
  text(runId: string, sequence: number): Promise<CorpusText | null>
  /** Removes a run, if it exists. */
  remove(runId: string): Promise<void>
}

export const newestFirst = (a: RunSummary, b: RunSummary) =>
  b.header.startedAt.localeCompare(a.header.startedAt) || b.header.id.localeCompare(a.header.id)
