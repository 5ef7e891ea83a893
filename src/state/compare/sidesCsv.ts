import { type CsvRow, formatCsv } from '../../core/exports/csv'
import type { AppState } from '../appState'
import { OTHER, OWN } from '../side/side'
import { isCompared } from '../side/sideModel'
import { sideNames } from './compareSelectors'

/** Holds the rows of one side's numbers. */
export interface SideTable {
  readonly columns: readonly string[]
  readonly rows: readonly CsvRow[]
}

/**
 * Returns one side's numbers as CSV or, while two sides are compared, those of both with the side's name in the column
 * `side`; null before any are known.
 *
 * @param tableOf must give the same columns for both sides
 */
export function sidesCsv(
  state: AppState,
  tableOf: (state: AppState, side: number) => SideTable | null,
): string | null {
  if (!isCompared(state)) {
    const table = tableOf(state, OWN)
    return table && formatCsv(table.columns, table.rows)
  }
  const names = sideNames(state)
  const tables = [OWN, OTHER].flatMap((side) => {
    const table = tableOf(state, side)
    return table ? [{ ...table, side: names[side] }] : []
  })
  if (tables.length === 0) return null
  return formatCsv(
    ['side', ...tables[0].columns],
    tables.flatMap(({ side, rows }) => rows.map((row) => ({ side, ...row }))),
  )
}
