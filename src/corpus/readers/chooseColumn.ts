import { fail } from '../../core/failure'
import { previewRows } from './preview'
import type { RowSource } from './rowSource'

const MAX_LISTED = 12

function listed(columns: readonly string[]): string {
  const shown = columns.slice(0, MAX_LISTED).join(', ')
  return columns.length > MAX_LISTED ? `${shown} and ${columns.length - MAX_LISTED} more` : shown
}

function noSuchColumn({ name, notes }: RowSource, column: string, columns: readonly string[]): never {
  fail('invalid-request', `${name} has no column “${column}”; it has ${listed(columns)}.`, {
    advice: [...notes, 'Choose one of them.'].join(' '),
  })
}

/**
 * Returns the column with the labels, which must be there; null where none is asked for.
 *
 * @throws FailureError `invalid-request` where there is no such column
 */
export async function chooseLabelColumn(source: RowSource, column: string | null): Promise<string | null> {
  if (column === null) return null
  if ((await chooseColumn(source, column)) !== null) return column
  return fail('invalid-request', `${source.name} has no columns, so it has no labels.`, {
    advice: 'Choose a file with a column of labels, or leave them out.',
  })
}

/**
 * Returns the column to read: the one asked for, else the likely one; null if the rows are texts themselves, or if
 * there is no row to judge by.
 *
 * @throws FailureError `invalid-request` where there is no such column, or no column with text
 */
export async function chooseColumn(source: RowSource, column: string | null): Promise<string | null> {
  const { name } = source
  if (source.columns?.length === 0) return null
  if (column !== null && source.columns) {
    return source.columns.includes(column) ? column : noSuchColumn(source, column, source.columns)
  }
  const { columns, likelyColumn, rows } = await previewRows(source)
  if (rows.length === 0) return column
  if (columns.length === 0) return null
  if (column !== null) {
    // A field that the first rows show as fields of its own is named whole, too.
    // A value of a list that is a column, `a.0`, is none of the columns themselves.
    const isInList = (one: string) =>
      column.startsWith(`${one}.`) && /^\d+(\.|$)/.test(column.slice(one.length + 1))
    const known = columns.some((one) => one === column || one.startsWith(`${column}.`) || isInList(one))
    return known ? column : noSuchColumn(source, column, columns)
  }
  if (likelyColumn !== null) return likelyColumn
  fail('invalid-request', `No column of ${name} looks like text: ${listed(columns)}.`, {
    advice: [...source.notes, 'Choose the column yourself, or another file.'].join(' '),
  })
}
