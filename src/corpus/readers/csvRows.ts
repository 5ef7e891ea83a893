import Papa from 'papaparse'
import { fail } from '../../core/failure'
import type { BlobText } from './blobText'
import { MAX_ROW_CHARACTERS, type RawRow, type RowSource, TOO_LONG } from './rowSource'

/** Characters parsed at a time: what a row with a stray quote may cost. */
const WINDOW = 32 * 1024
/** How far a row with a stray quote is followed before it is given up. */
const MAX_DAMAGED = 64 * 1024

interface Dialect {
  readonly delimiter: string
  /** Null while the header itself is read. */
  readonly columns: readonly string[] | null
  /** Whether a field that cannot be unquoted is taken as it stands: tab-separated files are often written unquoted. */
  readonly literalQuotes: boolean
}

function lineBreaks(text: string): number {
  let count = 0
  for (let at = text.indexOf('\n'); at >= 0; at = text.indexOf('\n', at + 1)) count++
  return count
}

/** Rows of delimited text given piece by piece; what is not a whole row yet stays for the next call. */
class CsvParser {
  private buffer = ''
  private line = 1
  /** Not worth parsing again before it is as long as this: a long row costs its length, not its square. */
  private wanted = 0
  /** Inside a row that was given up. */
  private skipping = false
  /** Whether the row at the head of the buffer showed a stray quote before. */
  private suspect = false

  constructor(private readonly dialect: Dialect) {}

  push(text: string): RawRow[] {
    const rows: RawRow[] = []
    for (let from = 0; from < text.length; from += WINDOW) {
      this.take(text.slice(from, from + WINDOW))
      if (this.buffer.length >= this.wanted) this.drain(rows, false)
    }
    return rows
  }

  end(): RawRow[] {
    const rows: RawRow[] = []
    this.drain(rows, true)
    return rows
  }

  private take(text: string): void {
    if (this.skipping) {
      const end = text.indexOf('\n')
      if (end < 0) return
      this.skipping = false
      this.line++
      text = text.slice(end + 1)
    }
    this.buffer += text
  }

  private drain(rows: RawRow[], final: boolean): void {
    while (this.buffer.length > 0) {
      const before = this.buffer.length
      const problem = this.parse(rows, final)
      if (problem !== null) {
        this.giveUp(rows, problem)
      } else if (this.buffer.length > MAX_ROW_CHARACTERS) {
        this.giveUp(rows, this.buffer.includes('\n') ? quoteProblem('MissingQuotes') : TOO_LONG)
      } else if (final) {
        this.buffer = ''
      } else {
        const longer = this.suspect ? before + WINDOW : Math.min(2 * before, MAX_ROW_CHARACTERS + 1)
        this.wanted = this.buffer.length < before ? 0 : longer
        return
      }
    }
    this.wanted = 0
  }

  /** Takes whole rows off the buffer; says what is wrong with the row it stopped at, or null. */
  private parse(rows: RawRow[], final: boolean): string | null {
    const input = this.buffer
    let done = 0
    let problem = null as string | null
    const parser = new Papa.Parser({
      delimiter: this.dialect.delimiter,
      newline: '\n',
      step: ({ data, errors, meta }: Papa.ParseStepResult<string[][]>) => {
        if (errors.length > 0) {
          problem = quoteProblem(errors[0].code)
          parser.abort()
          return
        }
        const row = this.rowOf(data[0])
        if (row) rows.push(row)
        this.line += lineBreaks(input.slice(done, meta.cursor))
        done = meta.cursor
      },
    })
    const { errors }: Papa.ParseResult<string[]> = parser.parse(input, 0, !final)
    this.buffer = input.slice(done)
    // A quote may only look stray because the buffer ends behind it: the second time it is.
    const confirmed = this.suspect && done === 0
    this.suspect = errors.length > 0 && this.buffer.length > MAX_DAMAGED
    if (problem === null && this.suspect && confirmed) return quoteProblem(errors[0].code)
    return problem
  }

  private rowOf(fields: readonly string[]): RawRow | null {
    const { columns } = this.dialect
    const { line } = this
    if (fields.length === 1 && fields[0].trim() === '') return null
    if (columns === null) return { line, cells: Object.fromEntries(fields.entries()) }
    if (fields.length !== columns.length) {
      const unit = fields.length === 1 ? 'field' : 'fields'
      return { line, reason: `${fields.length} ${unit} where the header has ${columns.length}` }
    }
    return { line, cells: Object.fromEntries(columns.map((column, index) => [column, fields[index]])) }
  }

  /**
   * Reports the row at the head of the buffer and goes on after its first line: a quote that never closes must not
   * swallow the good rows behind it.
   */
  private giveUp(rows: RawRow[], reason: string): void {
    const end = this.buffer.indexOf('\n')
    const first = end < 0 ? this.buffer : this.buffer.slice(0, end)
    const literal = this.dialect.literalQuotes ? this.rowOf(first.split(this.dialect.delimiter)) : null
    rows.push(literal?.cells === undefined ? { line: this.line, reason } : literal)
    if (end < 0) {
      this.skipping = true
      this.buffer = ''
    } else {
      this.line++
      this.buffer = this.buffer.slice(end + 1)
    }
    this.wanted = 0
    this.suspect = false
  }
}

const quoteProblem = (code: string) =>
  code === 'MissingQuotes' ? 'a quote that never closes' : 'a quote inside a quoted field that is not doubled'

/** Every column with a name of its own. */
function columnNames(fields: readonly string[]): string[] {
  const names: string[] = []
  fields.forEach((field, index) => {
    const name = field.trim() || `column ${index + 1}`
    let unique = name
    for (let n = 2; names.includes(unique); n++) unique = `${name} ${n}`
    names.push(unique)
  })
  return names
}

function headerOf(text: BlobText, delimiter: string): string[] {
  const parser = new CsvParser({ delimiter, columns: null, literalQuotes: false })
  const [first] = [...parser.push(text.head), ...(text.headIsAll ? parser.end() : [])]
  if (first && first.reason === undefined) return columnNames(Object.values(first.cells).map(String))
  if (text.headIsAll && !first) {
    fail('damaged-file', `${text.name} is empty: it holds only blank lines.`, {
      advice: 'Choose a file with a header line and rows.',
    })
  }
  fail(
    'damaged-file',
    `The header of ${text.name} cannot be read: ${first?.reason ?? 'it is longer than 256 kB'}.`,
    {
      advice: 'Correct its first line, which names the columns.',
    },
  )
}

const DELIMITERS = [',', ';', '\t', '|']
/** A delimiter that no text holds: the rows of a table of one column are whole lines, commas and all. */
const NO_DELIMITER = Papa.UNIT_SEP

/**
 * The delimiter that splits the header, and most of the first rows into as many fields as the header. Prose is full of
 * commas, so that the rows alone would mislead.
 */
function guessDelimiter(head: string): string {
  let best: string = NO_DELIMITER
  let most = 0
  for (const delimiter of DELIMITERS) {
    const { data } = Papa.parse<string[]>(head, {
      delimiter,
      newline: '\n',
      preview: 20,
      skipEmptyLines: true,
    })
    const fields = data[0]?.length ?? 0
    const even = fields > 1 ? data.filter((row) => row.length === fields).length : 0
    if (even > most) {
      best = delimiter
      most = even
    }
  }
  return best
}

/**
 * CSV (RFC 4180; the delimiter is found out) or tab-separated values. The first line names the columns; where it names
 * one, lines are not split at all. Blank lines are no rows. A row with a stray quote, or with more or fewer fields than the header, is reported.
 *
 * @throws FailureError `damaged-file` where the header cannot be read
 */
export function openCsv(text: BlobText, format: 'csv' | 'tsv'): RowSource {
  const delimiter = format === 'tsv' ? '\t' : guessDelimiter(text.head)
  const columns = headerOf(text, delimiter)
  return {
    name: text.name,
    format,
    totalRows: null,
    totalBytes: text.size,
    columns,
    notes: [],
    encoding: text.encoding,
    async *rows() {
      const parser = new CsvParser({ delimiter, columns, literalQuotes: format === 'tsv' })
      let headerSeen = false
      const withoutHeader = (rows: RawRow[]) => {
        if (headerSeen || rows.length === 0) return rows
        headerSeen = true
        return rows.slice(1)
      }
      let bytesRead = 0
      for await (const chunk of text.chunks()) {
        bytesRead = chunk.bytesRead
        yield { rows: withoutHeader(parser.push(chunk.text)), bytesRead }
      }
      yield { rows: withoutHeader(parser.end()), bytesRead }
    },
  }
}
