import { DataTable } from '../../../charts/DataTable'
import { formatNumber } from '../../../charts/formatNumber'
import { type FigureTable, isWholeColumn, TABLE_ROWS } from '../../../core/corpus/figures/figureTables'

interface FigureDataTableProps {
  readonly caption: string
  readonly table: FigureTable
}

/** Returns `count_l2` as a heading. */
const headingOf = (column: string) => column.replaceAll('_', ' ')

export function FigureDataTable({ caption, table: { columns, rows } }: FigureDataTableProps) {
  const shown = rows.slice(0, TABLE_ROWS)
  return (
    <DataTable
      caption={
        rows.length > shown.length
          ? `${caption}; the first ${TABLE_ROWS} of ${rows.length.toLocaleString('en')} rows, all of them in the files`
          : caption
      }
      columns={columns.map((column) => ({
        heading: headingOf(column),
        numeric: rows.some((row) => typeof row[column] === 'number'),
      }))}
      rows={shown.map((row, i) => ({
        id: i,
        values: columns.map((column) => {
          const value = row[column] ?? null
          return typeof value === 'boolean' ? String(value) : value
        }),
        cells: columns.map((column) => {
          const value = row[column] ?? null
          if (typeof value !== 'number') return String(value ?? '')
          return isWholeColumn(column) && Number.isFinite(value)
            ? value.toLocaleString('en')
            : formatNumber(value)
        }),
      }))}
    />
  )
}
