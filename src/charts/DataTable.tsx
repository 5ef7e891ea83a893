import type { ReactNode } from 'react'
import './charts.css'
import { SortHeading, type SortValue, useSorting } from './sorting'
import { useScrollFocus } from './useScrollFocus'

export interface DataColumn {
  readonly heading: string
  /** Right-aligned, in tabular figures. */
  readonly numeric?: boolean
}

export interface DataRow {
  /** Unique in the table. */
  readonly id: string | number
  /** One cell a column. */
  readonly cells: readonly ReactNode[]
  /** True for a row that stands out: a value beyond its limit. */
  readonly marked?: boolean
  /** Value of each cell to sort by; a table all of whose rows have them is sorted by its headings. */
  readonly values?: readonly SortValue[]
}

export interface DataTableProps {
  readonly caption: string
  /** Headings; the first column names the rows. */
  readonly columns: readonly DataColumn[]
  readonly rows: readonly DataRow[]
}

/** Returns headings as unique keys: two pins of the same change have the same heading, and both are columns. */
function columnKeys(columns: readonly DataColumn[]): string[] {
  const seen = new Map<string, number>()
  return columns.map(({ heading }) => {
    const count = seen.get(heading) ?? 0
    seen.set(heading, count + 1)
    return `${heading}/${count}`
  })
}

/** Returns the value of a row by the index of its column. */
const valueAt = ({ values }: DataRow, column: string): SortValue => values?.[Number(column)] ?? null

/** Draws the numbers of a chart as a table; a wide one scrolls inside its own frame. */
export function DataTable({ caption, columns, rows }: DataTableProps) {
  const keys = columnKeys(columns)
  const sortable = rows.length > 1 && rows.every(({ values }) => values !== undefined)
  const sorting = useSorting(rows, valueAt)
  return (
    <section className="chart-table-frame" aria-label={caption} ref={useScrollFocus()}>
      <table className="chart-table">
        <caption>{caption}</caption>
        <thead>
          <tr>
            {columns.map(({ heading, numeric }, i) => {
              const className = numeric ? 'chart-numeric' : undefined
              return sortable ? (
                <SortHeading
                  key={keys[i]}
                  sorting={sorting}
                  column={String(i)}
                  numeric={numeric}
                  className={className}
                >
                  {heading}
                </SortHeading>
              ) : (
                <th key={keys[i]} scope="col" className={className}>
                  {heading}
                </th>
              )
            })}
          </tr>
        </thead>
        <tbody>
          {(sortable ? sorting.rows : rows).map(({ id, cells, marked }) => (
            <tr key={id} data-marked={marked || undefined}>
              {cells.map((cell, j) => {
                const className = columns[j]?.numeric ? 'chart-numeric' : undefined
                return j === 0 ? (
                  <th key={keys[j]} scope="row" className={className}>
                    {cell}
                  </th>
                ) : (
                  <td key={keys[j]} className={className}>
                    {cell}
                  </td>
                )
              })}
            </tr>
          ))}
        </tbody>
      </table>
    </section>
  )
}
