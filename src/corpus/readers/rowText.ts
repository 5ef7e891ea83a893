import { cellAt } from './cells'
import { MAX_ROW_CHARACTERS, type RowCells, TOO_LONG } from './rowSource'

export type RowText =
  | { readonly text: string; readonly reason?: undefined }
  | {
      readonly reason: string
      /** True if a cell is there and says that its value is missing. */
      readonly isMissing?: boolean
      readonly text?: undefined
    }

function valueText(value: unknown): string | null {
  if (typeof value === 'string') return value
  return typeof value === 'number' || typeof value === 'bigint' || typeof value === 'boolean'
    ? String(value)
    : null
}

/**
 * Returns the value of a label column without white space around it; undefined where there is none, or a sign for that.
 *
 * @param missing cells that stand for a missing value
 */
export function rowLabel(cells: RowCells, column: string, missing?: ReadonlySet<string>): string | undefined {
  if (typeof cells === 'string') return undefined
  const value = cellAt(cells, column)
  const text = Number.isNaN(value) ? null : valueText(value)
  return text === null || text.trim() === '' || missing?.has(text) ? undefined : text.trim()
}

/**
 * Returns the text of a row, or why it has none. Numbers are written out; nothing is trimmed.
 *
 * @param column null where rows are texts themselves
 * @param missing cells that stand for a missing value
 */
export function rowText(cells: RowCells, column: string | null, missing?: ReadonlySet<string>): RowText {
  let text: string | null
  let name = 'the text'
  if (column === null) {
    if (typeof cells !== 'string') return { reason: 'an object where the rows are texts' }
    text = cells
  } else {
    name = `“${column}”`
    if (typeof cells === 'string') return { reason: `a text where the rows have ${name}` }
    const value = cellAt(cells, column)
    if (value === undefined && !Object.hasOwn(cells, column)) return { reason: `no ${name}` }
    // NaN is how pandas writes that there is nothing.
    if (value === null || value === undefined || Number.isNaN(value)) return { reason: `${name} is missing` }
    text = valueText(value)
    if (text !== null && missing?.has(text)) {
      return { reason: `${name} is “${text}”, which stands for a missing value`, isMissing: true }
    }
  }
  if (text === null) return { reason: `${name} is no text` }
  if (text.length > MAX_ROW_CHARACTERS) return { reason: TOO_LONG }
  return text.trim() === '' ? { reason: `${name} is empty` } : { text }
}
