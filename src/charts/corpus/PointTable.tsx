import { DataTable } from '../DataTable'
import { formatNumber } from '../formatNumber'

export interface PointTableProps {
  readonly caption: string
  readonly columns: readonly { readonly heading: string; readonly values: ArrayLike<number> }[]
  /** Name of each point; absent if the points have none. */
  readonly nameOf?: (point: number) => string
  /** Selected points, ascending; null shows all. */
  readonly selected?: Uint32Array | null
  readonly formatValue?: (value: number) => string
}

/** Most rows of the table: nobody reads more, and each costs time; the exported files have all. */
export const MOST_ROWS = 500

/** Draws the numbers of the selected points, or of all: up to 500 rows, with a note of how many there are. */
export function PointTable({
  caption,
  columns,
  nameOf,
  selected,
  formatValue = formatNumber,
}: PointTableProps) {
  const total = selected?.length ?? columns[0]?.values.length ?? 0
  const shown = Math.min(total, MOST_ROWS)
  const note = `${selected ? 'selected points' : 'points'}: ${
    shown < total ? `first ${shown} of ${total.toLocaleString('en')}` : total.toLocaleString('en')
  }`
  const rows = Array.from({ length: shown }, (_, row) => {
    const point = selected ? selected[row] : row
    const values = columns.map(({ values }) => formatValue(values[point]))
    return { id: point, cells: [nameOf ? nameOf(point) : String(point + 1), ...values] }
  })
  return (
    <DataTable
      caption={`${caption}; ${note}`}
      columns={[
        { heading: nameOf ? 'token' : 'point' },
        ...columns.map(({ heading }) => ({ heading, numeric: true })),
      ]}
      rows={rows}
    />
  )
}
