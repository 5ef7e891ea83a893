import Papa from 'papaparse'
import { MAX_ROW_CHARACTERS, type RawRow, TOO_LONG } from '../rowSource'

/** Number of characters parsed at a time, which limits the cost of a row with a stray quote. */
const WINDOW = 32 * 1024
/** Number of characters after which a row with a stray quote is given up. */
const MAX_DAMAGED = 64 * 1024

/** Says how a parser splits and names fields. */
interface RowLayout {
  readonly delimiter: string
  /** Column names; null while they are not known: cells are named by their index. */
  readonly columns: readonly string[] | null
  /** True if a field that cannot be unquoted is used unchanged: tab-separated files are often written unquoted. */
  readonly literalQuotes: boolean
  /** True if a backslash takes the meaning from the character behind it. */
  readonly backslash: boolean
}

/** Noncharacters of Unicode, which no text holds: they stand for what a backslash took the meaning from. */
const [QUOTE, DELIMITER, BREAK] = ['\ufdd0', '\ufdd1', '\ufdd2']

function countOf(text: string, char: string): number {
  let count = 0
  for (let at = text.indexOf(char); at >= 0; at = text.indexOf(char, at + 1)) count++
  return count
}

const lineBreaks = (text: string) => countOf(text, '\n') + countOf(text, BREAK)

/** Splits delimited text, given piece by piece, into rows; an incomplete row waits for the next call. */
export class CsvParser {
  private buffer = ''
  private line: number
  /** Length below which the buffer is not parsed again: thus a long row costs its length, not its square. */
  private wanted = 0
  /** True inside a row that was given up. */
  private skipping = false
  /** True if the row at the head of the buffer showed a stray quote before. */
  private suspect = false
  /** Backslash at the end of what was given: the character behind it is still to come. */
  private held = ''

  /** @param line of its first character, from 1 */
  constructor(
    private readonly dialect: RowLayout,
    line = 1,
  ) {
    this.line = line
  }

  push(given: string): RawRow[] {
    const rows: RawRow[] = []
    const text = this.dialect.backslash ? this.withoutBackslashes(given) : given
    for (let from = 0; from < text.length; from += WINDOW) {
      this.take(text.slice(from, from + WINDOW))
      if (this.buffer.length >= this.wanted) this.drain(rows, false)
    }
    return rows
  }

  end(): RawRow[] {
    const rows: RawRow[] = []
    this.take(this.held)
    this.held = ''
    this.drain(rows, true)
    return rows
  }

  /** Puts signs in the place of characters that have lost their meaning; a character without one stays, as in pandas. */
  private withoutBackslashes(given: string): string {
    const text = this.held + given
    this.held = ''
    return text.replace(/\\([\s\S]?)/g, (whole, char: string) => {
      if (char === '') {
        this.held = whole
        return ''
      }
      if (char === '"') return QUOTE
      if (char === '\n') return BREAK
      return char === this.dialect.delimiter ? DELIMITER : char
    })
  }

  /** Puts the characters back for which signs stand. */
  private restored(fields: readonly string[]): readonly string[] {
    if (!this.dialect.backslash) return fields
    const { delimiter } = this.dialect
    return fields.map((field) =>
      field.replaceAll(QUOTE, '"').replaceAll(DELIMITER, delimiter).replaceAll(BREAK, '\n'),
    )
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

  /** Takes whole rows off the buffer; returns what is wrong with the row at which it stopped, or null. */
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
        const source = input.slice(done, meta.cursor)
        const row = this.rowOf(withoutReturn(data[0], source))
        if (row) rows.push(row)
        this.line += lineBreaks(source)
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

  private rowOf(split: readonly string[]): RawRow | null {
    const fields = this.restored(split)
    const { columns } = this.dialect
    const { line } = this
    if (fields.length === 1 && fields[0].trim() === '') return null
    if (columns === null) return { line, cells: Object.fromEntries(fields.entries()) }
    const differs = fields.length !== columns.length && fieldsProblem(fields.length, columns.length)
    // Missing last fields are empty, as in pandas. Fields beyond the columns are dropped only if they are empty.
    if (differs && fields.slice(columns.length).some((field) => field !== ''))
      return { line, reason: differs }
    const cells = Object.fromEntries(columns.map((column, index) => [column, fields[index]]))
    return fields.length < columns.length && differs ? { line, cells, lacks: differs } : { line, cells }
  }

  /**
   * Reports the row at the head of the buffer and continues after its first line: a quote that never closes must not
   * swallow the good rows behind it.
   */
  private giveUp(rows: RawRow[], reason: string): void {
    const end = this.buffer.indexOf('\n')
    const first = end < 0 ? this.buffer : this.buffer.slice(0, end)
    const literal = this.dialect.literalQuotes
      ? this.rowOf(first.replace(/\r$/, '').split(this.dialect.delimiter))
      : null
    const escaped = !this.dialect.backslash && first.includes('\\"')
    rows.push(
      literal?.cells === undefined
        ? { line: this.line, reason: escaped ? BACKSLASH_PROBLEM : reason }
        : literal,
    )
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

/** Says of a row that could not be unquoted what may be meant by its backslash. */
const BACKSLASH_PROBLEM =
  'a quote behind a backslash, which is read as a letter: where the file writes its quotes so, choose that (--backslash)'

const fieldsProblem = (found: number, columns: number) =>
  `${found} ${found === 1 ? 'field' : 'fields'} where the header has ${columns}`

/** Returns the fields of a row without the `\r` that ends its line: one inside quotes belongs to the text. */
function withoutReturn(fields: readonly string[], source: string): readonly string[] {
  const last = fields[fields.length - 1]
  if (!last?.endsWith('\r') || !/[^"]\r\n?$/.test(source)) return fields
  return [...fields.slice(0, -1), last.slice(0, -1)]
}
