import { useMemo } from 'react'
import { binStart, type GeometryFigure } from '../../core/measures/geometryFigure'
import { TABLE_MEASURE_NAMES, TABLE_MEASURES } from '../../core/measures/tableGeometry'
import { BandChart } from '../corpus/BandChart'
import { type CorpusChartProps, CorpusFrame } from '../corpus/CorpusFrame'
import { DataTable } from '../DataTable'
import { formatDecimals, formatPercent } from '../formatNumber'
import type { PlaceAxis } from '../line/layerAxis'

/** Names a bin of the distribution: `0`, `1`, `2 to 3`. */
function binName(bin: number): string {
  const first = binStart(bin)
  const last = binStart(bin + 1) - 1
  return first === last || bin === 0 ? `${first}` : `${first} to ${last}`
}

const percent = (share: number) => formatPercent(share, 1)

export interface HubnessChartProps extends CorpusChartProps {
  readonly figure: GeometryFigure | null
}

/** Draws how many entries are a neighbour of none, one, 2 to 3, ... others, a line a measure of nearness. */
export function HubnessChart({ figure, svgRef, ...frame }: HubnessChartProps) {
  const bins = figure?.distribution.cosine.length ?? 0
  const axis = useMemo(
    (): PlaceAxis => ({
      label: `other entries that have it among their ${figure?.k ?? 0} nearest →`,
      extent: [0, Math.max(1, bins - 1)],
      ticks: Array.from({ length: bins }, (_, bin) => bin),
      name: (bin) => `${binStart(bin)}`,
      spoken: binName,
    }),
    [figure?.k, bins],
  )
  const series = useMemo(
    () =>
      TABLE_MEASURES.map((measure, i) => ({
        id: measure,
        label: TABLE_MEASURE_NAMES[measure],
        className: `chart-series-${i}`,
        layers: (figure?.distribution[measure] ?? []).map((value, layer) => ({
          layer,
          value,
          n: figure?.entries,
        })),
      })),
    [figure],
  )
  const skewness = figure
    ? TABLE_MEASURES.map(
        (measure) => `${TABLE_MEASURE_NAMES[measure]} ${formatDecimals(figure.hubness[measure].skewness, 1)}`,
      ).join(', ')
    : ''
  return (
    <CorpusFrame
      {...frame}
      heading="How often an entry is a neighbour"
      subtitle={`share of entries, by how many others have it among their ${figure?.k ?? 0} nearest · skewness: ${skewness}`}
      missing={figure ? null : 'Measure the table to see which entries are neighbours of very many.'}
      table={() => (
        <DataTable
          caption={`Share of entries by how many others have it among their ${figure?.k} nearest`}
          columns={[
            { heading: 'neighbour of', numeric: true },
            ...TABLE_MEASURES.map((measure) => ({ heading: TABLE_MEASURE_NAMES[measure], numeric: true })),
          ]}
          rows={Array.from({ length: bins }, (_, bin) => ({
            id: bin,
            cells: [
              binName(bin),
              ...TABLE_MEASURES.map((measure) => percent(figure?.distribution[measure][bin] ?? Number.NaN)),
            ],
          }))}
        />
      )}
    >
      <BandChart
        series={series}
        axis={axis}
        scale="amount"
        yLabel="share of entries"
        title="Share of entries by how often they are a neighbour"
        description="One line a measure of nearness; the bins double."
        formatValue={percent}
        formatTick={percent}
        height={240}
        svgRef={svgRef}
      />
    </CorpusFrame>
  )
}
