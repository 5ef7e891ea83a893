import { useMemo, useState } from 'react'
import type { IdentifiabilityFigure } from '../../core/corpus/figures'
import { formatNumber, formatPercent } from '../formatNumber'
import { BandChart, countText, intervalText } from './BandChart'
import type { BandSeries } from './bandChartGeometry'
import { type CorpusChartProps, CorpusFrame } from './CorpusFrame'
import { layerTable } from './layerTable'
import { Switch } from './Switch'

export interface IdentifiabilityChartProps extends CorpusChartProps {
  readonly figure: IdentifiabilityFigure | null
}

type Reading = 'rate' | 'rank'

const CHOICES: readonly { readonly value: Reading; readonly name: string }[] = [
  { value: 'rate', name: 'rate' },
  { value: 'rank', name: 'median rank' },
]

const percent = (share: number) => formatPercent(share, 1)
const wholePercent = (share: number) => formatPercent(share, 0)

function seriesOf({ layers }: IdentifiabilityFigure, reading: Reading): BandSeries {
  return {
    id: reading,
    label: reading === 'rate' ? 'rate' : 'median',
    className: 'chart-series-0',
    layers: layers.map(({ layer, n, rate, low, high, medianRank }) =>
      reading === 'rate'
        ? { layer, n, value: rate, low, high }
        : { layer, n, value: medianRank, low: Number.NaN, high: Number.NaN },
    ),
  }
}

/** Experiment 4: how often a hidden state still reads as its own token, by layer, or at which rank it stands. */
export function IdentifiabilityChart({ figure, svgRef, ...frame }: IdentifiabilityChartProps) {
  const [reading, setReading] = useState<Reading>('rate')
  const isRate = reading === 'rate'
  const series = useMemo(() => (figure ? [seriesOf(figure, reading)] : []), [figure, reading])
  const table = () => {
    const both = figure ? [seriesOf(figure, 'rate'), seriesOf(figure, 'rank')] : []
    return layerTable(
      `Identifiability by layer, 95 % Wilson interval; ${countText(series)}`,
      both,
      (value) => (Number.isFinite(value.low) ? intervalText(value, percent) : formatNumber(value.value)),
    )
  }
  return (
    <CorpusFrame
      {...frame}
      heading="Identifiability"
      subtitle={`${isRate ? 'positions whose closest token is their own, 95 % CI' : 'rank of the own token among all, median'} · ${countText(series)}`}
      missing={
        figure && figure.layers.length > 0
          ? null
          : 'Run a corpus with readings to see from which layer on a hidden state no longer reads as its token.'
      }
      table={table}
    >
      <Switch label="Reading" choices={CHOICES} value={reading} onChange={setReading} />
      <BandChart
        series={series}
        scale={isRate ? 'share' : 'log'}
        yLabel={isRate ? 'share of positions' : 'median rank, logarithmic'}
        title={isRate ? 'Identifiability by layer' : 'Median rank of the own token by layer'}
        description="Share of positions whose hidden state is closest to their own token among all of the vocabulary."
        formatValue={isRate ? percent : formatNumber}
        formatTick={isRate ? wholePercent : undefined}
        height={220}
        svgRef={svgRef}
      />
    </CorpusFrame>
  )
}
