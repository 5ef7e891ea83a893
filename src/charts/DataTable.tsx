import type { ReactNode } from 'react'
import './charts.css'
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

/** Draws the numbers of a chart as a table; a wide one scrolls inside its own frame. */
export function DataTable({ caption, columns, rows }: DataTableProps) {
  const keys = columnKeys(columns)
  return (
    <section className="chart-table-frame" aria-label={caption} ref={useScrollFocus()}>
      <table className="chart-table">
        <caption>{caption}</caption>
        <thead>
          <tr>
            {columns.map(({ heading, numeric }, i) => (
              <th key={keys[i]} scope="col" className={numeric ? 'chart-numeric' : undefined}>
                {heading}
              </th>
            ))}
          </tr>
        </thead>
        <tbody>
          {rows.map(({ id, cells }) => (
            <tr key={id}>
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
