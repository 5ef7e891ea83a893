import { fail } from '../../failure'
import type { Norm } from '../../measures/norm'
import { type ColumnValues, NONE, type RecordTable } from './records'

/**
 * Returns a column by its name.
 *
 * @throws FailureError `internal` where the table has no such column
 */
export function columnOf(table: RecordTable, name: string): ColumnValues {
  return table.columns[name] ?? fail('internal', `The records have no column ${name}.`)
}

/** Returns the columns of all layers, h_0 first, by the name of each layer's column. */
export function layerColumns(table: RecordTable, name: (layer: number) => string): readonly ColumnValues[] {
  const columns: ColumnValues[] = []
  for (let layer = 0; name(layer) in table.columns; layer++) columns.push(table.columns[name(layer)])
  return columns
}

export const shiftColumn = (norm: Norm) => `shift_${norm}`

/** Returns the rows for which a condition holds. */
export function rowsWhere(table: RecordTable, holds: (row: number) => boolean): Uint32Array {
  const rows = new Uint32Array(table.rows)
  let count = 0
  for (let row = 0; row < table.rows; row++) if (holds(row)) rows[count++] = row
  return rows.slice(0, count)
}

/** Writes a value for each of some rows into `values`. Several times faster than `from` with a function. */
export function gather<T extends ColumnValues>(
  values: T,
  rows: Uint32Array | readonly number[],
  valueAt: (row: number) => number,
): T {
  for (let i = 0; i < rows.length; i++) values[i] = valueAt(rows[i])
  return values
}

/** Returns the finite values of a column at some rows, in float64. */
export function finiteAt(column: ColumnValues, rows: Uint32Array): Float64Array {
  const values = new Float64Array(rows.length)
  let count = 0
  for (let i = 0; i < rows.length; i++) {
    const value = column[rows[i]]
    if (Number.isFinite(value)) values[count++] = value
  }
  return values.subarray(0, count)
}

/** Says whether occurrences name their sequence; those of the shipped run do not, to save space. */
export function knowsSequences(occurrences: RecordTable): boolean {
  return occurrences.rows > 0 && !columnOf(occurrences, 'sequence').includes(NONE)
}
