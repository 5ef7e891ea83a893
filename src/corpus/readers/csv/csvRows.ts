import type { FileReading } from '../../../core/corpus/corpusService'
import type { BlobText } from '../encoding/blobText'
import type { RawRow, RowSource } from '../rowSource'
import { csvDialect } from './csvDialect'
import { CsvParser } from './csvParser'
import { MISSING_VALUES } from './missingValues'

/**
 * Opens CSV (RFC 4180) or tab-separated values: delimiter, header and the lines before it are detected (csvDialect) or
 * given by the user. If there is one column, lines are not split at all. Blank lines are no rows. A row with a stray
 * quote, or with more fields than columns, is reported. NA, null, nan and the like stand for a missing value unless
 * `asked.keepNa`. Quotes inside quotes are doubled, or behind a backslash.
 *
 * @throws FailureError `damaged-file` where the header cannot be read
 */
export function openCsv(text: BlobText, format: 'csv' | 'tsv', asked: FileReading = {}): RowSource {
  const { delimiter, columns, firstLine, header, backslash, notes } = csvDialect(text, format, asked)
  return {
    name: text.name,
    format,
    totalRows: null,
    totalBytes: text.size,
    columns,
    reading: { delimiter, header, backslash, keepNa: asked.keepNa ?? false },
    ...(!asked.keepNa && { missing: MISSING_VALUES }),
    notes,
    encoding: text.encoding,
    async *rows() {
      const parser = new CsvParser({ delimiter, columns, backslash, literalQuotes: format === 'tsv' })
      const belowHeader = (rows: RawRow[]) =>
        rows[0] && rows[0].line < firstLine ? rows.filter(({ line }) => line >= firstLine) : rows
      let bytesRead = 0
      for await (const chunk of text.chunks(!text.loneReturns)) {
        bytesRead = chunk.bytesRead
        yield { rows: belowHeader(parser.push(chunk.text)), bytesRead }
      }
      yield { rows: belowHeader(parser.end()), bytesRead }
    },
  }
}
