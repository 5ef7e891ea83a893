import { useMemo, useState } from 'react'
import type { IdentifiabilityFigure } from '../../core/corpus/figures/figures'
import { formatNumber, formatPercent } from '../formatNumber'
import { intervalText } from '../line/LineChart'
import type { LineSeries, LineValue } from '../line/lineChartGeometry'
import { BandChart, countText } from './BandChart'
import { type CorpusChartProps, CorpusFrame } from './CorpusFrame'
import { type Compared, comparedSeries, isByDepth } from './compared'
import { layerTable } from './layerTable'
import { Switch } from './Switch'

export interface IdentifiabilityChartProps extends CorpusChartProps {
  readonly figure: IdentifiabilityFigure | null
  readonly compared?: Compared<IdentifiabilityFigure> | null
}

type Reading = 'rate' | 'rank'

const CHOICES: readonly { readonly value: Reading; readonly name: string }[] = [
  { value: 'rate', name: 'rate' },
  { value: 'rank', name: 'median rank' },
]

const percent = (share: number) => formatPercent(share, 1)
const wholePercent = (share: number) => formatPercent(share, 0)

function valuesOf({ layers }: IdentifiabilityFigure, reading: Reading): readonly LineValue[] {
  return layers.map(({ layer, n, rate, low, high, medianRank }) =>
    reading === 'rate'
      ? { layer, n, value: rate, low, high }
      : { layer, n, value: medianRank, low: Number.NaN, high: Number.NaN },
  )
}

type SeriesSource = Pick<IdentifiabilityChartProps, 'figure' | 'compared'>

function seriesOf({ figure, compared }: SeriesSource, reading: Reading): LineSeries[] {
  if (compared) return comparedSeries(figure, compared, (of) => valuesOf(of, reading))
  if (!figure) return []
  const label = reading === 'rate' ? 'rate' : 'median'
  return [{ id: reading, label, className: 'chart-series-0', layers: valuesOf(figure, reading) }]
}

/** Returns both readings of each line, for the table. */
function tableSeries(source: SeriesSource): LineSeries[] {
  return CHOICES.flatMap(({ value, name }) =>
    seriesOf(source, value).map((one) => ({
      ...one,
      id: `${one.id}-${value}`,
      label: source.compared ? `${name}, ${one.label}` : one.label,
    })),
  )
}

/** Draws experiment 4: how often a hidden state still reads as its own token, by layer, or the rank of that token. */
export function IdentifiabilityChart({
  figure,
  compared = null,
  svgRef,
  ...frame
}: IdentifiabilityChartProps) {
  const [reading, setReading] = useState<Reading>('rate')
  const isRate = reading === 'rate'
  const series = useMemo(() => seriesOf({ figure, compared }, reading), [figure, compared, reading])
  const byDepth = compared !== null && isByDepth(compared)
  const table = () =>
    layerTable(
      `Identifiability by ${byDepth ? 'relative depth' : 'layer'}, 95 % Wilson interval; ${countText(series)}`,
      tableSeries({ figure, compared }),
      (value) => (Number.isFinite(value.low) ? intervalText(value, percent) : formatNumber(value.value)),
      byDepth,
    )
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
        byDepth={byDepth}
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
