import { useMemo, useState } from 'react'
import {
  type LearnedFigure,
  RETRIEVAL_NAMES,
  RETRIEVALS,
  type Retrieval,
} from '../../core/corpus/figures/figures'
import { formatDecimals, formatPercent } from '../formatNumber'
import { intervalText } from '../line/LineChart'
import type { LineSeries, LineValue } from '../line/lineChartGeometry'
import { BandChart } from './BandChart'
import { type CorpusChartProps, CorpusFrame } from './CorpusFrame'
import { type Compared, comparedSeries, isByDepth } from './compared'
import { layerTable } from './layerTable'
import { Switch } from './Switch'

export interface LearnedChartProps extends CorpusChartProps {
  readonly figure: LearnedFigure | null
  readonly compared?: Compared<LearnedFigure> | null
}

type Reading = 'rate' | 'similarity'

const CHOICES: readonly { readonly value: Reading; readonly name: string }[] = [
  { value: 'rate', name: 'own token' },
  { value: 'similarity', name: 'cosine of two texts' },
]

const percent = (share: number) => formatPercent(share, 1)
const wholePercent = (share: number) => formatPercent(share, 0)
const cosine = (value: number) => formatDecimals(value, 3)

const ratesOf = ({ n, layers }: LearnedFigure, by: Retrieval): LineValue[] =>
  layers.map(({ layer, [by]: { rate, low, high } }) => ({ layer, n, value: rate, low, high }))

const similaritiesOf = ({ texts, layers }: LearnedFigure): LineValue[] =>
  layers.map(({ layer, similarity: { mean, low, high } }) => ({ layer, n: texts, value: mean, low, high }))

function seriesOf(
  { figure, compared }: Pick<LearnedChartProps, 'figure' | 'compared'>,
  reading: Reading,
): LineSeries[] {
  if (compared) {
    return comparedSeries(figure, compared, (of) =>
      reading === 'rate' ? ratesOf(of, 'learned') : similaritiesOf(of),
    )
  }
  if (!figure) return []
  if (reading === 'similarity') {
    return [{ id: reading, label: 'cosine', className: 'chart-series-0', layers: similaritiesOf(figure) }]
  }
  return RETRIEVALS.map((by, i) => ({
    id: by,
    label: RETRIEVAL_NAMES[by],
    className: `chart-series-${i}`,
    layers: ratesOf(figure, by),
  }))
}

/**
 * Draws how often a hidden state reads as its own token by cosine, by l2 distance and through a learned map, by layer; or
 * how alike the hidden states of different texts are.
 */
export function LearnedChart({ figure, compared = null, svgRef, ...frame }: LearnedChartProps) {
  const [reading, setReading] = useState<Reading>('rate')
  const isRate = reading === 'rate'
  const series = useMemo(() => seriesOf({ figure, compared }, reading), [figure, compared, reading])
  const byDepth = compared !== null && isByDepth(compared)
  const read = isRate ? percent : cosine
  const what = isRate
    ? `positions that read as their own token${compared ? ' through a learned map' : ''}, 95 % CI`
    : 'mean cosine with a token of another text, 95 % CI over texts'
  const amount = figure ? `n ${figure.n.toLocaleString('en')} in ${figure.texts} texts not learned from` : ''
  return (
    <CorpusFrame
      {...frame}
      heading="Identifiability with a learned map"
      subtitle={`${what} · ${amount}`}
      missing={
        figure ? null : 'The texts that maps are learned from come first; the others are then read with them.'
      }
      table={() => layerTable(`${what}; ${amount}`, series, (value) => intervalText(value, read), byDepth)}
    >
      <Switch label="Reading" choices={CHOICES} value={reading} onChange={setReading} />
      <BandChart
        series={series}
        scale={isRate ? 'share' : 'value'}
        byDepth={byDepth}
        yLabel={isRate ? 'share of positions' : 'mean cosine'}
        title={isRate ? 'Own token read, by layer' : 'Mean cosine of two texts by layer'}
        description={
          isRate
            ? 'Share of positions whose own token is the closest of the whole vocabulary.'
            : 'Mean cosine of the hidden states of tokens in different texts.'
        }
        formatValue={read}
        formatTick={isRate ? wholePercent : undefined}
        height={220}
        svgRef={svgRef}
      />
    </CorpusFrame>
  )
}
