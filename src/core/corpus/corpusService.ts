import type { Norm } from '../norm'
import type { Figures, ScatterPoints } from './figures'
import type { RunHeader, RunProgress, RunSummary, TokenCounts, TokenNames } from './run'
import type { RunSettings } from './runSettings'

/** Says how a file is to be read; what is left out is found out from the file itself. */
export interface FileReading {
  /** A label of the Encoding Standard: `gb18030`, `windows-1251`, `shift_jis`, ... */
  readonly encoding?: string
  /** One character between the fields of CSV. */
  readonly delimiter?: string
  /** The line, from 1, that names the columns of CSV; null: none does. */
  readonly header?: number | null
  /** Whether a JSON object holds columns of values, or rows. */
  readonly orient?: 'columns' | 'rows'
}

/** Texts of a user's choosing. A file's bytes stay where they are until read. */
export type CorpusSource =
  | {
      readonly kind: 'file'
      readonly file: File
      readonly column: string | null
      readonly reading?: FileReading
    }
  | { readonly kind: 'hub'; readonly dataset: string; readonly split: string; readonly column: string | null }
  | { readonly kind: 'bundled' }

/** A row that could not be read: the good ones are kept. */
export interface MalformedRow {
  /** Line of the file from 1; row number where the format has no lines. */
  readonly line: number
  readonly reason: string
}

/** The first rows of a source, so that its column can be chosen. */
export interface SourcePreview {
  readonly name: string
  readonly format: 'csv' | 'tsv' | 'jsonl' | 'json' | 'txt' | 'parquet' | 'hub'
  readonly bytes: number
  /** `UTF-8`, `UTF-16LE`, ...; null for binary formats. */
  readonly encoding: string | null
  /** How the file is read, for the format that it has: as was asked, or as was found out. */
  readonly reading?: FileReading
  /** What is worth saying about how it is read, one sentence each. */
  readonly notes?: readonly string[]
  /** Empty where the format has no columns; `a.b` is the field b of the field a. */
  readonly columns: readonly string[]
  /** The likely one: the longest natural text. */
  readonly likelyColumn: string | null
  /** First rows, one value a column, cut to 200 characters. */
  readonly rows: readonly (readonly string[])[]
  /** Rows in all, where known without reading it all. */
  readonly totalRows: number | null
  readonly malformed: readonly MalformedRow[]
}

export interface StoredRun extends RunSummary {
  /** Whether its texts are kept, so that points open in Explore and a paused run can go on. */
  readonly hasTexts: boolean
  /** Names that came with its file; null where there are none. */
  readonly tokenNames: TokenNames | null
}

/** What the page is told while a run goes on. */
export interface RunListener {
  progress(progress: RunProgress): void
  /** Figures with their present n, at most about once a second. */
  figures(figures: Figures): void
  malformed(rows: readonly MalformedRow[], total: number): void
}

/** The runs that can be asked about: the open one, and the one that is kept beside it. */
export type RunSlot = 'open' | 'beside'

/** Which run is kept beside: the open one, at rest; one kept on this machine; one of a file; the one shipped. */
export type BesideChoice =
  | { readonly kind: 'open' | 'shipped' }
  | { readonly kind: 'kept'; readonly runId: string }
  | { readonly kind: 'file'; readonly file: Blob }

/** Tables whose rows are tokens in sentences. */
export type PlaceTable = 'occurrences' | 'perturbations'

export type RecordsFormat = 'csv' | 'json' | 'parquet'

/** A token in its sentence, for a hover: a few words to each side. */
export interface OccurrenceContext {
  readonly sequence: number
  readonly position: number
  /** Null where the run's texts are not kept, or another model is open than the one that cut them into tokens. */
  readonly before: string | null
  readonly after: string | null
}

/**
 * Runs over a corpus, as the page asks for them: implemented across a worker, which reads, stores and counts; the model
 * answers from its own worker. One run is open at a time, and one at rest may be kept beside it. Rejections are
 * `FailureError`s.
 */
export interface CorpusService {
  preview(source: CorpusSource, options?: { readonly signal?: AbortSignal }): Promise<SourcePreview>
  start(source: CorpusSource, settings: RunSettings, listener: RunListener): Promise<RunHeader>
  /** Runs kept on this machine, newest first. */
  stored(): Promise<readonly StoredRun[]>
  /** Opens a kept run, finished or not; `resume` goes on with it. */
  open(runId: string, listener: RunListener): Promise<StoredRun>
  /** A run from its own downloaded file, or the one shipped with the page. */
  openFile(file: Blob, listener: RunListener): Promise<StoredRun>
  openShipped(listener: RunListener): Promise<StoredRun>
  /**
   * Keeps a run beside whatever is opened, with the names of its tokens where they are known; null: none. What was kept
   * before is given up; where it cannot be read, nothing changes.
   */
  keepBeside(choice: BesideChoice | null): Promise<StoredRun | null>
  /** Ends after the batch under way. */
  pause(): Promise<void>
  resume(): Promise<void>
  /** Keeps what was measured, labelled as partial. */
  cancel(): Promise<void>
  remove(runId: string): Promise<void>
  /** Token counts of the open run's corpus. */
  counts(): Promise<TokenCounts>
  figures(options: { readonly norm: Norm; readonly run?: RunSlot }): Promise<Figures>
  scatter(options: {
    readonly of: ScatterPoints['of']
    readonly norm: Norm
    readonly run?: RunSlot
  }): Promise<ScatterPoints>
  /** Rows of a table, by default `occurrences`, in their sentences. */
  contexts(
    rows: readonly number[],
    options?: { readonly table?: PlaceTable; readonly run?: RunSlot },
  ): Promise<readonly OccurrenceContext[]>
  /** The whole text of a sampled sequence; null where it is not kept. */
  text(sequence: number, run?: RunSlot): Promise<string | null>
  /** Parquet and CSV: one zip of a file a table; JSON: one file with everything. */
  download(format: RecordsFormat): Promise<Blob>
}
