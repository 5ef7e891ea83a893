import type { ReactNode } from 'react'
import { DataTable } from '../DataTable'
import { layerName } from '../layerAxis'
import type { BandSeries, BandValue } from './bandChartGeometry'

/** Lines over the layers as a table: a row a layer, a column a line. */
export function layerTable(
  caption: string,
  series: readonly BandSeries[],
  formatCell: (value: BandValue) => ReactNode,
): ReactNode {
  const layers = [...new Set(series.flatMap(({ layers }) => layers.map(({ layer }) => layer)))].sort(
    (a, b) => a - b,
  )
  return (
    <DataTable
      caption={caption}
      columns={[{ heading: 'layer' }, ...series.map(({ label }) => ({ heading: label, numeric: true }))]}
      rows={layers.map((layer) => ({
        id: layer,
        cells: [
          layerName(layer),
          ...series.map(({ layers }) => {
            const value = layers.find((candidate) => candidate.layer === layer)
            return value ? formatCell(value) : '–'
          }),
        ],
      }))}
    />
  )
}
