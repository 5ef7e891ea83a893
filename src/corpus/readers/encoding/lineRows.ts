import { parsePythonJson } from '../../../core/pythonJson'
import { MAX_ROW_CHARACTERS, type RawRow, type RowSource, TOO_LONG } from '../rowSource'
import type { BlobText } from './blobText'
import { linesOf, type TextLine } from './lines'

/**
 * Reads a row of JSON: an object with columns, a text, or an array.
 *
 * @param fields names of an array's values; without them an array is no row
 */
export function jsonCells(line: number, json: string, fields?: readonly string[]): RawRow {
  let value: unknown
  try {
    value = parsePythonJson(json)
  } catch {
    return { line, reason: 'not valid JSON' }
  }
  if (typeof value === 'string' || isObject(value)) return { line, cells: value }
  if (fields && Array.isArray(value)) {
    const values: readonly unknown[] = value
    return { line, cells: Object.fromEntries(fields.map((name, i) => [name, values[i]])) }
  }
  return { line, reason: 'neither an object nor a text' }
}

const isObject = (value: unknown): value is Record<string, unknown> =>
  typeof value === 'object' && value !== null && !Array.isArray(value)

function openLines(
  text: BlobText,
  format: 'txt' | 'jsonl',
  columns: RowSource['columns'],
  parse: (line: number, content: string) => RawRow,
): RowSource {
  const rowOf = ({ line, text: content, tooLong }: TextLine): RawRow[] => {
    if (tooLong) return [{ line, reason: TOO_LONG }]
    return content.trim() === '' ? [] : [parse(line, content)]
  }
  return {
    name: text.name,
    format,
    totalRows: null,
    totalBytes: text.size,
    columns,
    notes: [],
    encoding: text.encoding,
    async *rows() {
      for await (const { lines, bytesRead } of linesOf(text.chunks(), MAX_ROW_CHARACTERS)) {
        yield { rows: lines.flatMap(rowOf), bytesRead }
      }
    },
  }
}

/** Opens a file with one text per line; blank lines are no rows. */
export const openTxt = (text: BlobText): RowSource =>
  openLines(text, 'txt', [], (line, content) => ({ line, cells: content }))

/** Says whether a line's value is an array of cells, and not one of rows. */
export const isArrayRow = (value: unknown): value is readonly unknown[] =>
  Array.isArray(value) && value.length > 0 && !value.every(isObject)

/** Returns the names of the columns where lines are arrays, `0`, `1`, ..., as pandas has them. */
function numberedColumns(head: string): readonly string[] | undefined {
  const [first, ...others] = head.split('\n').filter((line) => line.trim() !== '')
  const lengthOf = (line: string) => {
    try {
      const value = parsePythonJson(line)
      return isArrayRow(value) ? value.length : 0
    } catch {
      return 0
    }
  }
  // A file of objects has no columns by number, whatever follows.
  if (first === undefined || lengthOf(first) === 0) return undefined
  const length = others.reduce((most, line) => Math.max(most, lengthOf(line)), lengthOf(first))
  return Array.from({ length }, (_, i) => String(i))
}

/**
 * Opens a file with one JSON value per line: an object, a text, or, where the first is one, an array, whose values are
 * in the columns `0`, `1`, ...; blank lines are no rows.
 */
export function openJsonl(text: BlobText): RowSource {
  const fields = numberedColumns(text.head)
  return openLines(text, 'jsonl', null, (line, content) => jsonCells(line, content, fields))
}
