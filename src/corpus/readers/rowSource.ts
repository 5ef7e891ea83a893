import type { FileReading, SourcePreview } from '../../core/corpus/corpusService'

/** Values of one row: by column, or the text itself where the format has no columns. */
export type RowCells = string | Readonly<Record<string, unknown>>

/** A row as the format gave it, or why it could not. */
export type RawRow =
  | {
      readonly line: number
      readonly cells: RowCells
      /** Why cells are missing: what is said of the row where it has no text. */
      readonly lacks?: string
      readonly reason?: undefined
    }
  | { readonly line: number; readonly reason: string; readonly cells?: undefined }

export interface RowBatch {
  readonly rows: readonly RawRow[]
  /** Of the source so far, 0..totalBytes; never falls. */
  readonly bytesRead: number
}

export interface RowsRequest {
  /** The only columns that are needed; null for all. A source may give more. */
  readonly columns: readonly string[] | null
  /** Rows that are needed; a source may give more. */
  readonly atMost?: number
}

/** Rows of any format, read from the beginning at each call of `rows`, without keeping what was given. */
export interface RowSource {
  readonly name: string
  readonly format: SourcePreview['format']
  /** Null where only reading it all would tell. */
  readonly totalRows: number | null
  readonly totalBytes: number | null
  /** Null where each row names its own; empty where the format has none. */
  readonly columns: readonly string[] | null
  /** How the file is read, as was asked or found out; absent where there is nothing to choose. */
  readonly reading?: FileReading
  /** What is worth saying about the source as a whole, one sentence each. */
  readonly notes: readonly string[]
  /** As known by now: a file may turn out not to be UTF-8 far beyond its beginning. Null for binary formats. */
  encoding(): string | null
  rows(request: RowsRequest): AsyncGenerator<RowBatch>
}

/** A row of more characters than this is reported, not read: 16 million, about 3 million words. */
export const MAX_ROW_CHARACTERS = 16_000_000

export const TOO_LONG = 'longer than 16 million characters'

/** What to do with a file that is none of these. */
export const KNOWN_FORMATS = 'Choose a CSV, TSV, JSONL, JSON, TXT or Parquet file.'
