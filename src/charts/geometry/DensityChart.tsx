import { useMemo } from 'react'
import type { GeometryFigure } from '../../core/measures/geometryFigure'
import { BandChart } from '../corpus/BandChart'
import { type CorpusChartProps, CorpusFrame } from '../corpus/CorpusFrame'
import { DataTable } from '../DataTable'
import { formatDecimals } from '../formatNumber'
import { intervalText } from '../line/LineChart'
import type { PlaceAxis } from '../line/layerAxis'

export interface DensityChartProps extends CorpusChartProps {
  readonly figure: GeometryFigure | null
  /** Name of the corpus that says how common the entries are; null without one. */
  readonly corpus: string | null
}

const cosine = (value: number) => formatDecimals(value, 3)
const binName = (from: number) => `${formatDecimals(from, 1)} to ${formatDecimals(from + 0.1, 1)}`

const COMMONNESS: PlaceAxis = {
  label: 'commonness, 0 the rarest →',
  extent: [0, 1],
  ticks: [0, 0.2, 0.4, 0.6, 0.8, 1],
  name: (place) => formatDecimals(place, 1),
  spoken: (place) => `commonness ${binName(place - 0.05)}`,
}

/** Draws the mean cosine of the nearest entries against how common a token is in a corpus. */
export function DensityChart({ figure, corpus, svgRef, ...frame }: DensityChartProps) {
  const found = figure?.byCommonness ?? null
  const series = useMemo(() => {
    const layers = (found?.bins ?? [])
      .filter(({ n }) => n > 0)
      .map(({ from, to, n, mean, low, high }) => ({ layer: (from + to) / 2, n, value: mean, low, high }))
    return [{ id: 'density', label: 'mean cosine', className: 'chart-series-0', layers }]
  }, [found])
  const k = figure?.k ?? 0
  return (
    <CorpusFrame
      {...frame}
      heading="How near the nearest are"
      subtitle={
        found
          ? `mean cosine of the ${k} nearest by commonness in ${corpus}, 95 % CI · ρ ${formatDecimals(found.spearman.coefficient, 2)}, n ${found.spearman.n.toLocaleString('en')}`
          : `mean cosine of the ${k} nearest`
      }
      missing={
        found
          ? null
          : 'Open a run in Corpus whose model has this vocabulary: it says how common each entry is.'
      }
      table={() => (
        <DataTable
          caption={`Mean cosine of the ${k} nearest by commonness in ${corpus}, 95 % interval`}
          columns={[
            { heading: 'commonness' },
            { heading: 'entries', numeric: true },
            { heading: 'mean cosine', numeric: true },
          ]}
          rows={(found?.bins ?? []).map(({ from, n, mean, low, high }) => ({
            id: from,
            cells: [binName(from), n, intervalText({ layer: 0, value: mean, low, high }, cosine)],
          }))}
        />
      )}
    >
      <BandChart
        series={series}
        axis={COMMONNESS}
        scale="value"
        yLabel={`mean cosine of the ${k} nearest`}
        title="Mean cosine of the nearest entries by commonness"
        description="One point a tenth of the scale of commonness."
        formatValue={cosine}
        height={240}
        svgRef={svgRef}
      />
    </CorpusFrame>
  )
}
