import { useMemo, useState } from 'react'
import type { LayerStatistic, PropagationFigure } from '../../core/corpus/figures/figures'
import { formatNumber } from '../formatNumber'
import { intervalText } from '../line/LineChart'
import type { LineSeries } from '../line/lineChartGeometry'
import { BandChart, countText } from './BandChart'
import { type CorpusChartProps, CorpusFrame } from './CorpusFrame'
import { type Compared, comparedSeries, isByDepth } from './compared'
import { layerTable } from './layerTable'
import { Switch } from './Switch'

export interface PropagationChartProps extends CorpusChartProps {
  readonly figure: PropagationFigure | null
  /** Figure of another run; then one rank, or all of them together, is drawn for both. */
  readonly compared?: Compared<PropagationFigure> | null
}

type Statistic = 'mean' | 'variance'

const CHOICES: readonly { readonly value: Statistic; readonly name: string }[] = [
  { value: 'mean', name: 'mean' },
  { value: 'variance', name: 'variance' },
]

/** Number of shades that can be told apart; further ranks share the last. */
const SHADES = 5

function variances(layers: readonly LayerStatistic[]) {
  return layers.map(({ layer, n, variance }) => ({
    layer,
    n,
    value: variance,
    low: Number.NaN,
    high: Number.NaN,
  }))
}

function means(layers: readonly LayerStatistic[]) {
  return layers.map(({ layer, n, mean, low, high }) => ({ layer, n, value: mean, low, high }))
}

function seriesOf({ ranks, all }: PropagationFigure, statistic: Statistic): LineSeries[] {
  const read = statistic === 'mean' ? means : variances
  const byRank = ranks.map(({ rank, layers }) => ({
    id: `${rank}`,
    label: `rank ${rank}`,
    className: `corpus-shade-${Math.min(SHADES, Math.ceil((rank * SHADES) / Math.max(SHADES, ranks.length)))}`,
    layers: read(layers),
  }))
  const together = { id: 'all', label: 'all ranks', className: 'corpus-shade-all', layers: read(all) }
  return statistic === 'variance' ? [...byRank, together] : byRank
}

const ALL_RANKS = 'all'

/** Returns the ranks that both runs have, as choices; ranks beyond the paper's five are in the table. */
function sharedRanks(a: PropagationFigure | null, b: PropagationFigure | null) {
  const ranks = (a?.ranks ?? []).filter(({ rank }) => b?.ranks.some((other) => other.rank === rank))
  return [
    { value: ALL_RANKS, name: 'all ranks' },
    ...ranks.slice(0, SHADES).map(({ rank }) => ({ value: `${rank}`, name: `${rank}` })),
  ]
}

function layersOfRank({ ranks, all }: PropagationFigure, rank: string): readonly LayerStatistic[] {
  return rank === ALL_RANKS ? all : (ranks.find((one) => `${one.rank}` === rank)?.layers ?? [])
}

/**
 * Draws fig. 3: the movement of each layer, by rank of the least impactful token, as the mean with its interval or as
 * the variance.
 */
export function PropagationChart({ figure, compared = null, svgRef, ...frame }: PropagationChartProps) {
  const [statistic, setStatistic] = useState<Statistic>('mean')
  const [chosen, setRank] = useState(ALL_RANKS)
  const choices = useMemo(() => (compared ? sharedRanks(figure, compared.figure) : []), [figure, compared])
  const rank = choices.some(({ value }) => value === chosen) ? chosen : ALL_RANKS
  const series = useMemo(() => {
    if (!compared) return figure ? seriesOf(figure, statistic) : []
    const read = statistic === 'mean' ? means : variances
    return comparedSeries(figure, compared, (of) => read(layersOfRank(of, rank)))
  }, [figure, compared, statistic, rank])
  const byDepth = compared !== null && isByDepth(compared)
  const rankName = compared ? `, ${rank === ALL_RANKS ? 'all ranks' : `rank ${rank}`}` : ''
  const isMean = statistic === 'mean'
  const label = `${isMean ? 'mean D_l, l2 over the whole sequence' : 'variance of D_l'}${rankName}`
  const subtitle = `fig. 3 · ${isMean ? 'mean D_l, 95 % CI' : 'variance of D_l'}${rankName} · ${countText(series)}`
  return (
    <CorpusFrame
      {...frame}
      heading="Propagation by rank"
      subtitle={subtitle.replace('D_l', 'D by layer')}
      missing={
        series.some(({ layers }) => layers.length > 0)
          ? null
          : 'Run a corpus to see how the least impactful substitutions travel through the layers.'
      }
      table={() =>
        layerTable(
          `${label.replace('D_l', 'D')}, by ${compared ? 'layer and run' : 'layer and rank'}; ${countText(series)}`,
          series,
          (value) => intervalText(value, formatNumber),
          byDepth,
        )
      }
    >
      <div className="corpus-switches">
        <Switch label="Statistic" choices={CHOICES} value={statistic} onChange={setStatistic} />
        {choices.length > 1 && <Switch label="Rank" choices={choices} value={rank} onChange={setRank} />}
      </div>
      <BandChart
        series={series}
        scale="amount"
        byDepth={byDepth}
        yLabel={label}
        title={`Propagation by rank: ${isMean ? 'mean distance' : 'variance of the distance'} by layer`}
        description={
          compared
            ? 'One line a run.'
            : 'One line a rank of the least impactful tokens, rank 1 being the smallest shift.'
        }
        svgRef={svgRef}
      />
    </CorpusFrame>
  )
}
