import { useMemo } from 'react'
import type { PerturbationsFigure } from '../../core/corpus/figures/figures'
import { PERTURBATIONS, type Perturbation } from '../../core/corpus/runSettings'
import { DataTable } from '../DataTable'
import { formatNumber, formatPercent } from '../formatNumber'
import { intervalText } from '../line/LineChart'
import type { LineSeries } from '../line/lineChartGeometry'
import { BandChart, countText } from './BandChart'
import { type CorpusChartProps, CorpusFrame } from './CorpusFrame'
import { layerTable } from './layerTable'

export interface PerturbationsChartProps extends CorpusChartProps {
  readonly figure: PerturbationsFigure | null
  /** Number k of the k-th neighbour, for its name. */
  readonly neighborRank?: number
}

const NAMES: Readonly<Record<Perturbation, string>> = {
  nearest: 'nearest',
  neighbor: 'k-th nearest',
  random: 'random',
  mask: 'mask',
  delete: 'delete',
  swap: 'swap',
}

function nameOf(perturbation: Perturbation, neighborRank: number | undefined): string {
  if (perturbation !== 'neighbor' || neighborRank === undefined) return NAMES[perturbation]
  return `nearest no. ${neighborRank}`
}

/** Draws experiment 5: the nearest substitution compared with other perturbations at the same random positions. */
export function PerturbationsChart({ figure, neighborRank, svgRef, ...frame }: PerturbationsChartProps) {
  const series = useMemo(
    (): LineSeries[] =>
      (figure?.kinds ?? []).map(({ perturbation, layers }) => ({
        id: perturbation,
        label: nameOf(perturbation, neighborRank),
        className: `chart-series-${PERTURBATIONS.indexOf(perturbation)}`,
        layers: layers.map(({ layer, n, mean, low, high }) => ({ layer, n, value: mean, low, high })),
      })),
    [figure, neighborRank],
  )
  const kinds = figure?.kinds ?? []
  return (
    <CorpusFrame
      {...frame}
      heading="Other perturbations"
      subtitle={`mean D by layer, 95 % CI, at the same random positions · ${countText(series)}`}
      missing={
        kinds.length > 0
          ? null
          : 'Run a corpus with random positions to compare the nearest token with harsher changes.'
      }
      table={() =>
        layerTable(`Mean D by layer and perturbation, 95 % CI; ${countText(series)}`, series, (value) =>
          intervalText(value, formatNumber),
        )
      }
    >
      <BandChart
        series={series}
        scale="amount"
        yLabel="mean D_l, l2 over the whole sequence"
        title="Mean distance by layer and perturbation"
        description="One line a perturbation."
        height={300}
        svgRef={svgRef}
      />
      <DataTable
        caption="What each does to the prediction"
        columns={['perturbation', 'n', 'mean shift', 'label flips', 'mean |change|'].map((heading, i) => ({
          heading,
          numeric: i > 0,
        }))}
        rows={kinds.map(({ perturbation, n, meanShift, flips, meanChange }) => ({
          id: perturbation,
          cells: [
            <span key="name" className={`chart-series-${PERTURBATIONS.indexOf(perturbation)} corpus-kind`}>
              {nameOf(perturbation, neighborRank)}
            </span>,
            n.toLocaleString('en'),
            formatNumber(meanShift),
            formatPercent(flips),
            formatNumber(meanChange),
          ],
        }))}
      />
    </CorpusFrame>
  )
}
