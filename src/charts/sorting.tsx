import './charts.css'
import { type ReactNode, useMemo, useState } from 'react'

/** Holds the value by which a row is sorted; null, and what is not a number, comes last in either direction. */
export type SortValue = number | string | null

export type SortDirection = 'ascending' | 'descending'

/** Names the column that orders a table; null: the table's own order. */
export type Sort = { readonly column: string; readonly direction: SortDirection } | null

const isMissing = (value: SortValue) => value === null || (typeof value === 'number' && Number.isNaN(value))

const compare = (a: SortValue, b: SortValue) =>
  typeof a === 'number' && typeof b === 'number' ? a - b : String(a).localeCompare(String(b), 'en')

/** Returns the rows in another order; equal rows, and those without a value, stay in the order in which they came. */
export function sortRows<Row>(
  rows: readonly Row[],
  sort: Sort,
  sortValue: (row: Row, column: string) => SortValue,
): readonly Row[] {
  if (!sort) return rows
  const sign = sort.direction === 'ascending' ? 1 : -1
  return rows
    .map((row) => ({ row, value: sortValue(row, sort.column) }))
    .sort((a, b) => {
      const [first, second] = [isMissing(a.value), isMissing(b.value)]
      if (first || second) return Number(first) - Number(second)
      return sign * compare(a.value, b.value)
    })
    .map(({ row }) => row)
}

/** Returns the next order after a press: numbers begin with the largest, words with A; the third press undoes it. */
export function nextSort(sort: Sort, column: string, first: SortDirection): Sort {
  if (sort?.column !== column) return { column, direction: first }
  if (sort.direction !== first) return null
  return { column, direction: first === 'ascending' ? 'descending' : 'ascending' }
}

/** Holds the order of one table, for its headings. */
export interface Sorting<Row> {
  readonly rows: readonly Row[]
  readonly sort: Sort
  press(column: string, first: SortDirection): void
}

/**
 * Orders a table by the column whose heading is pressed.
 *
 * @param sortValue must be the same function for the same values
 * @param held the order, and what holds the next one; by default the table itself holds it
 */
export function useSorting<Row>(
  rows: readonly Row[],
  sortValue: (row: Row, column: string) => SortValue,
  held?: readonly [sort: Sort, setSort: (sort: Sort) => void],
): Sorting<Row> {
  const own = useState<Sort>(null)
  const [sort, setSort] = held ?? own
  const sorted = useMemo(() => sortRows(rows, sort, sortValue), [rows, sort, sortValue])
  return { rows: sorted, sort, press: (column, first) => setSort(nextSort(sort, column, first)) }
}

interface SortHeadingProps {
  readonly sorting: Pick<Sorting<unknown>, 'sort' | 'press'>
  /** Key of the column. */
  readonly column: string
  readonly numeric?: boolean
  readonly className?: string
  readonly title?: string
  readonly children: ReactNode
}

/** Draws a column's heading as the button that sorts by it. */
export function SortHeading({ sorting, column, numeric, className, title, children }: SortHeadingProps) {
  const { sort, press } = sorting
  const direction = sort?.column === column ? sort.direction : undefined
  return (
    <th scope="col" className={className} aria-sort={direction ?? 'none'} title={title}>
      <button
        type="button"
        className="sort-button"
        data-sort={direction}
        onClick={() => press(column, numeric ? 'descending' : 'ascending')}
      >
        {children}
      </button>
    </th>
  )
}
