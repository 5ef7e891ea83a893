import type { Norm } from '../measures/norm'
import type { Figures, ScatterPoints } from './figures/figures'
import type { RunHeader, RunProgress, RunSummary, TokenCounts, TokenNames } from './run'
import type { RunSettings } from './runSettings'

/** Says how to read a file; what is not given is detected from the file itself. */
export interface FileReading {
  /** Label of the Encoding Standard: `gb18030`, `windows-1251`, `shift_jis`, ... */
  readonly encoding?: string
  /** Character between the fields of CSV. */
  readonly delimiter?: string
  /** Line, from 1, that names the columns of CSV; null if none does. */
  readonly header?: number | null
  /**
   * True if a backslash takes the meaning from the character behind it in CSV, as in `"he said \\"yes\\""` (pandas'
   * `escapechar`); false if only a doubled quote stands for one.
   */
  readonly backslash?: boolean
  /** Says whether a JSON object holds columns of values or rows. */
  readonly orient?: 'columns' | 'rows'
  /** True if NA, null, nan and the like are texts in CSV, and not signs of a missing value as in pandas. */
  readonly keepNa?: boolean
}

/** Names texts that a user chose. A file's bytes are not copied before they are read. */
export type CorpusSource =
  | {
      readonly kind: 'file'
      readonly file: File
      readonly column: string | null
      readonly reading?: FileReading
    }
  | { readonly kind: 'hub'; readonly dataset: string; readonly split: string; readonly column: string | null }
  | { readonly kind: 'bundled' }

/** Describes a row that could not be read; the rows that can be read are used. */
export interface MalformedRow {
  /** Line of the file from 1; row number where the format has no lines. */
  readonly line: number
  readonly reason: string
}

/** Holds the first rows of a source, so that its column can be chosen. */
export interface SourcePreview {
  readonly name: string
  readonly format: 'csv' | 'tsv' | 'jsonl' | 'json' | 'txt' | 'parquet' | 'hub'
  readonly bytes: number
  /** `UTF-8`, `UTF-16LE`, ...; null for binary formats. */
  readonly encoding: string | null
  /** Reading of the file, for its format: as requested, or as detected. */
  readonly reading?: FileReading
  /** Notes for the user about how the file is read, one sentence each. */
  readonly notes?: readonly string[]
  /** Empty where the format has no columns; `a.b` is the field b of the field a. */
  readonly columns: readonly string[]
  /** Most likely column: the longest natural text. */
  readonly likelyColumn: string | null
  /** First rows, one value per column, cut to 200 characters. */
  readonly rows: readonly (readonly string[])[]
  /** Number of all rows, where known without reading them. */
  readonly totalRows: number | null
  readonly malformed: readonly MalformedRow[]
}

export interface StoredRun extends RunSummary {
  /** True if its texts are saved, so that points open in Explore and a paused run can continue. */
  readonly hasTexts: boolean
  /** Token names that came with its file; null if there are none. */
  readonly tokenNames: TokenNames | null
}

/** Receives the events of a running run. */
export interface RunListener {
  progress(progress: RunProgress): void
  /** Receives figures with their present n, at most about once a second. */
  figures(figures: Figures): void
  malformed(rows: readonly MalformedRow[], total: number): void
}

/** Names the runs that can be asked about: the open one, and the second one. */
export type RunSlot = 'open' | 'compared'

/** Names the run to compare with: the open one (paused or ended), a saved one, one from a file, or one of the shipped. */
export type ComparedChoice =
  | { readonly kind: 'open' }
  | { readonly kind: 'shipped'; readonly id: string }
  | { readonly kind: 'kept'; readonly runId: string }
  | { readonly kind: 'file'; readonly file: Blob }

/** Names the tables whose rows are tokens in sentences. */
export type PlaceTable = 'occurrences' | 'perturbations'

export type RecordsFormat = 'csv' | 'json' | 'parquet'

/** Holds a token in its sentence, for a tooltip: a few words on each side. */
export interface OccurrenceContext {
  readonly sequence: number
  readonly position: number
  /** Null if the run's texts are not saved, or if the open model is not the one that tokenized them. */
  readonly before: string | null
  readonly after: string | null
}

/**
 * Manages runs over a corpus, for the page: implemented across a worker, which reads, stores and counts; the model
 * answers from its own worker. One run is open at a time, and one that is not running can be the second run. Rejections
 * are `FailureError`s.
 */
export interface CorpusService {
  preview(source: CorpusSource, options?: { readonly signal?: AbortSignal }): Promise<SourcePreview>
  /**
   * Reads a column to its end, and returns its different values in the order in which they come: the labels of a task.
   * `invalid-request` where there is no such column, or it has too many values for labels.
   */
  labelValues(
    source: CorpusSource,
    column: string,
    options?: { readonly signal?: AbortSignal },
  ): Promise<readonly string[]>
  start(source: CorpusSource, settings: RunSettings, listener: RunListener): Promise<RunHeader>
  /** Lists the runs saved on this machine, newest first. */
  stored(): Promise<readonly StoredRun[]>
  /** Opens a saved run, finished or not; `resume` continues it. */
  open(runId: string, listener: RunListener): Promise<StoredRun>
  /** Opens a run from its own downloaded file; `openShipped` opens one of those that come with the page (`SHIPPED_RUNS`). */
  openFile(file: Blob, listener: RunListener): Promise<StoredRun>
  openShipped(id: string, listener: RunListener): Promise<StoredRun>
  /**
   * Opens the second run, with the names of its tokens if they are known; null closes it. It replaces the former second
   * run; if it cannot be read, nothing changes.
   */
  compareWith(choice: ComparedChoice | null): Promise<StoredRun | null>
  /** Stops the run after the current batch. */
  pause(): Promise<void>
  resume(): Promise<void>
  /** Ends the run; what was measured is saved and labelled as partial. */
  cancel(): Promise<void>
  remove(runId: string): Promise<void>
  /** Returns the token counts of the open run's corpus. */
  counts(): Promise<TokenCounts>
  figures(options: { readonly norm: Norm; readonly run?: RunSlot }): Promise<Figures>
  scatter(options: {
    readonly of: ScatterPoints['of']
    readonly norm: Norm
    readonly run?: RunSlot
  }): Promise<ScatterPoints>
  /** Returns rows of a table, by default `occurrences`, in their sentences. */
  contexts(
    rows: readonly number[],
    options?: { readonly table?: PlaceTable; readonly run?: RunSlot },
  ): Promise<readonly OccurrenceContext[]>
  /** Returns the whole text of a sampled sequence; null if it is not saved. */
  text(sequence: number, run?: RunSlot): Promise<string | null>
  /** Returns the records: Parquet and CSV as a zip with one file per table, JSON as one file with everything. */
  download(format: RecordsFormat): Promise<Blob>
}
