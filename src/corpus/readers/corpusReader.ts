import type { SourcePreview } from '../../core/corpus/corpusService'
import type { CorpusText } from '../run/textBatches'
import { type MalformedReport, MalformedRows } from './csv/malformedRows'
import type { RawRow, RowSource } from './rowSource'
import { type RowText, rowLabel, rowText } from './rowText'

export interface TextBatch {
  /** Texts in the order of the source; may be empty. `row` counts good rows from 0. */
  readonly texts: readonly CorpusText[]
  /** Bytes of the source read so far, 0..totalBytes; never falls. */
  readonly bytesRead: number
}

/**
 * Reads the texts of a corpus, as a stream. `batches()` reads from the beginning each time it is called, and gives the
 * same rows in the same order. A batch is the result of one read of the source: 256 kB of a file, 512 rows of Parquet,
 * 100 of the rows API, and in addition one row of up to 16 million characters. Only the current batch is in memory, and
 * leaving the loop early ends the reading.
 *
 * `malformed()` belongs to the latest call of `batches()`: rows so far that could not be read, or have no text in the
 * column. A source without any good row is no error here: it gives empty batches.
 *
 * Reading rejects with a FailureError (`missing-file`: the file changed or went away; `damaged-file`; `network`), or
 * with the reason of the signal, which `failureOf` calls `cancelled`.
 */
export interface CorpusReader {
  readonly name: string
  readonly format: SourcePreview['format']
  /** Column that is read; null if the format has none. */
  readonly column: string | null
  /** Number of all rows, malformed ones included; null if only reading to the end would tell. */
  readonly totalRows: number | null
  readonly totalBytes: number | null
  /** Notes for the user about the source as a whole, one sentence each. */
  readonly notes: readonly string[]
  /** Returns the encoding as known so far; null for binary formats. */
  encoding(): string | null
  batches(): AsyncIterable<TextBatch>
  malformed(): MalformedReport
}

/** Returns the reason why a row has nothing in the column, if the format gives one. */
const lackOf = (row: RawRow, column: string | null) =>
  row.reason === undefined &&
  typeof row.cells === 'object' &&
  column !== null &&
  row.cells[column] === undefined
    ? row.lacks
    : undefined

/**
 * Reads the texts in one column of a source, with their labels where a column has these.
 *
 * @param column null if the rows are texts themselves
 */
export function createCorpusReader(
  source: RowSource,
  column: string | null,
  signal?: AbortSignal,
  labelColumn: string | null = null,
): CorpusReader {
  let malformed = new MalformedRows()
  const columns = column === null ? null : labelColumn === null ? [column] : [column, labelColumn]

  const labelIn = (row: RawRow) =>
    labelColumn === null || row.reason !== undefined
      ? undefined
      : rowLabel(row.cells, labelColumn, source.missing)

  async function* batches(): AsyncGenerator<TextBatch> {
    const found = new MalformedRows()
    malformed = found
    let count = 0
    for await (const { rows, bytesRead } of source.rows({ columns })) {
      signal?.throwIfAborted()
      const texts: CorpusText[] = []
      for (const row of rows) {
        const read: RowText =
          row.reason === undefined ? rowText(row.cells, column, source.missing) : { reason: row.reason }
        if (read.reason === undefined) {
          const label = labelIn(row)
          texts.push({ row: count++, text: read.text, ...(label !== undefined && { label }) })
        } else found.add(row.line, lackOf(row, column) ?? read.reason, read.isMissing)
      }
      yield { texts, bytesRead }
    }
  }

  return {
    name: source.name,
    format: source.format,
    column,
    totalRows: source.totalRows,
    totalBytes: source.totalBytes,
    notes: source.notes,
    encoding: source.encoding,
    batches,
    malformed: () => malformed.report(),
  }
}
