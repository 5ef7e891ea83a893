import Papa from 'papaparse'
import type { FileReading } from '../../../core/corpus/corpusService'
import { fail } from '../../../core/failure'
import type { BlobText } from '../encoding/blobText'
import { CsvParser } from './csvParser'

/** Says how to read a file of delimited text. */
export interface CsvDialect {
  readonly delimiter: string
  /** Unique column names. */
  readonly columns: readonly string[]
  /** Line, from 1, that names the columns; null: none does. */
  readonly header: number | null
  /** First line that can be a row. */
  readonly firstLine: number
  /** True if a backslash takes the meaning from the character behind it. */
  readonly backslash: boolean
  /** Detected properties that may surprise, one sentence each. */
  readonly notes: readonly string[]
}

const DELIMITERS = [',', ';', '\t', '|']
/** Delimiter that no text holds: the rows of a table of one column are whole lines, commas included. */
const NO_DELIMITER = Papa.UNIT_SEP

/** Number of rows at the beginning by which the rest is judged. */
const ROWS_JUDGED = 100

interface HeadRow {
  readonly line: number
  readonly fields: readonly string[]
}

/**
 * Detects how to read a file: as asked, else by its first line `sep=;`, by the delimiter that splits the header and
 * most rows alike, and by whether the first line reads as names or as a row.
 *
 * @throws FailureError `damaged-file` where there is no row, or the header cannot be read
 */
export function csvDialect(text: BlobText, format: 'csv' | 'tsv', asked: FileReading): CsvDialect {
  const stated = /^sep=(.)\n/i.exec(text.head)
  const start = stated ? 2 : 1
  const body = stated ? text.head.slice(stated[0].length) : text.head
  const found = stated?.[1] ?? (format === 'tsv' ? '\t' : guessDelimiter(body))
  const delimiter = asked.delimiter ?? found
  const escapes = escapesOf(body, delimiter, asked.backslash)
  const { backslash } = escapes
  const rows = headRows(text, body, { delimiter, backslash }, start, asked.header ?? null)
  const [first] = rows
  const common = { delimiter, backslash }
  if (asked.header === null) return unnamed(common, rows, start, escapes.notes)
  const titles = asked.header === undefined ? titleLines(rows) : 0
  const headerRow = asked.header === undefined ? rows[titles] : rows.find(({ line }) => line === asked.header)
  if (!headerRow) {
    return fail('invalid-request', `${text.name} has no line ${asked.header} that names columns.`, {
      advice: 'Name another line, or none.',
    })
  }
  if (asked.header === undefined && titles === 0 && isRow(rows)) {
    return unnamed(common, rows, start, [
      'Its first line reads as a row, not as names of columns, and is read as one.',
      ...escapes.notes,
    ])
  }
  const below = rows.slice(rows.indexOf(headerRow) + 1)
  const names = columnNames(headerRow.fields)
  const notes = [...escapes.notes]
  if (headerRow.line > first.line && asked.header === undefined) {
    notes.push(`The columns are named by line ${headerRow.line}; what stands above is left out.`)
  }
  const longer = below.length > 0 && below.every(({ fields }) => fields.length === names.length + 1)
  const named = longer && below.some(({ fields }) => fields.at(-1) !== '')
  if (named)
    notes.push(
      'Rows have one field more than the header: the first is taken for their names, as R and pandas do.',
    )
  return {
    ...common,
    columns: named ? columnNames(['row name', ...names]) : names,
    header: headerRow.line,
    firstLine: headerRow.line + 1,
    notes,
  }
}

function unnamed(
  common: Pick<CsvDialect, 'delimiter' | 'backslash'>,
  rows: readonly HeadRow[],
  firstLine: number,
  notes: readonly string[],
): CsvDialect {
  const width = Math.max(...rows.map(({ fields }) => fields.length))
  return { ...common, columns: columnNames(Array<string>(width).fill('')), header: null, firstLine, notes }
}

/** Returns the first rows, with the lines on which they begin. */
function headRows(
  text: BlobText,
  body: string,
  layout: Pick<CsvDialect, 'delimiter' | 'backslash'>,
  start: number,
  header: number | null,
): HeadRow[] {
  const literalQuotes = layout.delimiter === '\t'
  const parser = new CsvParser({ ...layout, columns: null, literalQuotes }, start)
  const all = [...parser.push(body), ...(text.headIsAll ? parser.end() : [])]
  const rows = all.flatMap(({ line, cells }) =>
    typeof cells === 'object' ? [{ line, fields: Object.values(cells).map(String) }] : [],
  )
  const [first] = all
  if (header === null ? first?.reason === undefined && rows.length > 0 : rows.length > 0) {
    return rows.slice(0, Math.max(ROWS_JUDGED, header ?? 0))
  }
  if (text.headIsAll && !first) {
    fail('damaged-file', `${text.name} is empty: it holds only blank lines.`, {
      advice: 'Choose a file with a header line and rows.',
    })
  }
  return fail(
    'damaged-file',
    `The header of ${text.name} cannot be read: ${first?.reason ?? 'it is longer than 256 kB'}.`,
    { advice: 'Correct its first line, which names the columns.' },
  )
}

/**
 * Decides how a quote inside quotes is written: as asked, else behind a backslash where the head of the file has a
 * backslash before a quote, and fewer of its rows are damaged so: such quotes are rare, and may first come late. Where
 * both ways read them alike well, but not the same, it says so.
 */
function escapesOf(
  body: string,
  delimiter: string,
  asked: boolean | undefined,
): { readonly backslash: boolean; readonly notes: readonly string[] } {
  if (asked !== undefined || !body.includes('\\"')) return { backslash: asked ?? false, notes: [] }
  const [doubled, escaped] = [false, true].map((backslash) => {
    const parser = new CsvParser({ delimiter, columns: null, literalQuotes: false, backslash })
    // To the end: a quote that never closes takes the rows behind it along.
    const rows = [...parser.push(body), ...parser.end()]
    const widths = rows.map(({ cells }) => (cells ? Object.keys(cells).length : 0))
    const damaged = widths.filter((width) => width !== widths[0]).length
    return { damaged, text: JSON.stringify(rows) }
  })
  if (escaped.damaged < doubled.damaged) {
    return { backslash: true, notes: ['Quotes inside texts stand behind a backslash, and are read so.'] }
  }
  const unsure = escaped.damaged === doubled.damaged && escaped.text !== doubled.text
  const doubt =
    'A backslash stands before a quote. It is read as a letter; if it belongs to the quote, say so (in the command: --backslash).'
  return { backslash: false, notes: unsure ? [doubt] : [] }
}

/**
 * Returns the delimiter that splits the header, and most of the first rows into as many fields as the header. Prose is
 * full of commas, so that the rows alone would mislead; titles, which it does not split, may precede the header.
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
    const rows = data.map((fields, line) => ({ line, fields }))
    const below = rows.slice(titleLines(rows))
    const fields = below[0]?.fields.length ?? 0
    const even = fields > 1 ? below.filter((row) => row.fields.length === fields).length : 0
    if (even > most) {
      best = delimiter
      most = even
    }
  }
  return best
}

const NAME = /^\p{L}[^\s]*( \S+){0,2}$/u

/** Counts the lines above a header: lines of one field above names, and at least two rows of as many fields. */
function titleLines(rows: readonly HeadRow[]): number {
  const at = rows.findIndex(({ fields }) => fields.length > 1)
  if (at < 1) return 0
  const { fields } = rows[at]
  const below = rows.slice(at + 1)
  const isTable = below.length > 1 && below.every((row) => row.fields.length === fields.length)
  return isTable && fields.every((name) => name.length <= 40 && NAME.test(name)) ? at : 0
}

const isNumber = (field: string) => field.trim() !== '' && Number.isFinite(Number(field))
/** Says whether a field has four words or more, or is a text of a script that does not separate words. */
const isSentence = (field: string) =>
  field.trim().split(/\s+/).length >= 4 ||
  (field.length >= 8 && /^[\p{Script=Han}\p{Script=Hiragana}\p{Script=Katakana}\p{P}\s]+$/u.test(field))

/**
 * Says whether the first line is a row of the table: it holds values that are no column names, namely numbers over
 * numbers, sentences over sentences, or the same value as a row below; at least two of these kinds, or nothing else.
 */
function isRow([first, ...below]: readonly HeadRow[]): boolean {
  if (below.length === 0) return false
  const kinds = first.fields.map((field, column) => {
    const values = below.map(({ fields }) => fields[column] ?? '').filter((value) => value !== '')
    const most = (is: (value: string) => boolean) => values.filter(is).length > values.length / 2
    if (isNumber(field) && most(isNumber)) return 'number'
    if (isSentence(field) && most(isSentence)) return 'sentence'
    return field !== '' && values.includes(field) ? 'repeated' : null
  })
  const signs = new Set(kinds.filter((kind) => kind !== null))
  return signs.size > 1 || (signs.size === 1 && kinds.every((kind) => kind !== null))
}

/** Returns a unique name for every column. */
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
