import type { RecordTables } from '../../core/corpus/records'
import type { RunProgress, RunSummary, TokenCounts } from '../../core/corpus/run'
import type { NewRun } from '../newRun'
import type { CorpusText } from '../textBatches'

/** The records of some sequences, in the order of the sample. */
export interface StoredBatch {
  /** From 0. */
  readonly index: number
  /** False where a run was cancelled within it: it is measured again when the run goes on. */
  readonly complete: boolean
  readonly tables: RecordTables
}

/** A run as it is kept. */
export interface KeptRun extends RunSummary {
  readonly counts: TokenCounts
  /** By index. */
  readonly batches: readonly StoredBatch[]
}

/** Where runs are kept. Rejections are `FailureError`s of kind `storage`. */
export interface RunStore {
  create(run: NewRun): Promise<void>
  /** A batch and how far the run is with it: both or neither. A batch of the same index is replaced. */
  append(runId: string, batch: StoredBatch, progress: RunProgress): Promise<void>
  setProgress(runId: string, progress: RunProgress): Promise<void>
  /** Null where there is no such run. */
  load(runId: string): Promise<KeptRun | null>
  /** Newest first. */
  list(): Promise<readonly RunSummary[]>
  /** A sampled text and its row; null where there is none. */
  text(runId: string, sequence: number): Promise<CorpusText | null>
  /** Nothing happens where there is no such run. */
  remove(runId: string): Promise<void>
}

export const newestFirst = (a: RunSummary, b: RunSummary) =>
  b.header.startedAt.localeCompare(a.header.startedAt) || b.header.id.localeCompare(a.header.id)
