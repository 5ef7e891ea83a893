import type { ReactNode } from 'react'
import { DataTable } from '../DataTable'
import { depthName, layerName } from '../line/layerAxis'
import type { LineSeries, LineValue } from '../line/lineChartGeometry'

/** Returns lines over the layers, or over relative depths, as a table: a row a layer, a column a line. */
export function layerTable(
  caption: string,
  series: readonly LineSeries[],
  formatCell: (value: LineValue) => ReactNode,
  byDepth = false,
): ReactNode {
  const layers = [...new Set(series.flatMap(({ layers }) => layers.map(({ layer }) => layer)))].sort(
    (a, b) => a - b,
  )
  return (
    <DataTable
      caption={caption}
      columns={[
        { heading: byDepth ? 'depth' : 'layer' },
        ...series.map(({ label }) => ({ heading: label, numeric: true })),
      ]}
      rows={layers.map((layer) => ({
        id: layer,
        cells: [
          byDepth ? depthName(layer) : layerName(layer),
          ...series.map(({ layers }) => {
            const value = layers.find((candidate) => candidate.layer === layer)
            return value ? formatCell(value) : '–'
          }),
        ],
      }))}
    />
  )
}
