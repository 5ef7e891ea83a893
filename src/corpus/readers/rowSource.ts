import type { FileReading, SourcePreview } from '../../core/corpus/corpusService'

/** Holds the values of one row: by column, or the text itself if the format has no columns. */
export type RowCells = string | Readonly<Record<string, unknown>>

/** Holds a row as the format gave it, or the reason why it could not. */
export type RawRow =
  | {
      readonly line: number
      readonly cells: RowCells
      /** Reason why cells are missing, reported if the row has no text. */
      readonly lacks?: string
      readonly reason?: undefined
    }
  | { readonly line: number; readonly reason: string; readonly cells?: undefined }

export interface RowBatch {
  readonly rows: readonly RawRow[]
  /** Bytes of the source read so far, 0..totalBytes; never falls. */
  readonly bytesRead: number
}

export interface RowsRequest {
  /** Columns that are needed; null for all. A source may give more. */
  readonly columns: readonly string[] | null
  /** Rows that are needed; a source may give more. */
  readonly atMost?: number
}

/** Reads rows of any format, from the beginning at each call of `rows`, without storing them. */
export interface RowSource {
  readonly name: string
  readonly format: SourcePreview['format']
  /** Number of rows; null if only reading to the end would tell. */
  readonly totalRows: number | null
  readonly totalBytes: number | null
  /** Column names; null if each row names its own; empty if the format has none. */
  readonly columns: readonly string[] | null
  /** Reading of the file, as requested or detected; absent if there is nothing to choose. */
  readonly reading?: FileReading
  /** Cells that stand for a missing value. */
  readonly missing?: ReadonlySet<string>
  /** Notes for the user about the source as a whole, one sentence each. */
  readonly notes: readonly string[]
  /**
   * Returns the encoding as known so far: a file may turn out not to be UTF-8 far beyond its beginning. Null for binary
   * formats.
   */
  encoding(): string | null
  rows(request: RowsRequest): AsyncGenerator<RowBatch>
}

/** Largest number of characters of a row; a longer one is reported, not read: 16 million, about 3 million words. */
export const MAX_ROW_CHARACTERS = 16_000_000

export const TOO_LONG = 'longer than 16 million characters'

/** Advice for a file of another format. */
export const KNOWN_FORMATS = 'Choose a CSV, TSV, JSONL, JSON, TXT or Parquet file.'
