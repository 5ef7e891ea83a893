import { useMemo } from 'react'
import type { PairsFigure } from '../../core/corpus/figures/figures'
import { PLACE_NAMES } from '../../core/corpus/runSettings'
import { formatDecimals, formatPercent } from '../formatNumber'
import { intervalText } from '../line/LineChart'
import type { LineSeries } from '../line/lineChartGeometry'
import { BandChart, countText } from './BandChart'
import { type CorpusChartProps, CorpusFrame } from './CorpusFrame'
import { layerTable } from './layerTable'
import { Scatterplot } from './scatter/Scatterplot'
import { useColumns } from './useColumns'

export interface PairsChartProps extends CorpusChartProps {
  readonly figure: PairsFigure | null
}

const ratio = (value: number) => formatDecimals(value, 3)

/**
 * Draws experiment 5 for two tokens at once: D(a + b) against D(a) + D(b), by layer as a ratio and at the last layer as
 * points.
 */
export function PairsChart({ figure, svgRef, ...frame }: PairsChartProps) {
  const series = useMemo(
    (): LineSeries[] =>
      (figure?.kinds ?? []).map(({ place, layers }, i) => ({
        id: place,
        label: PLACE_NAMES[place],
        className: `chart-series-${i}`,
        layers: layers.map(({ layer, n, ratio, low, high }) => ({ layer, n, value: ratio, low, high })),
      })),
    [figure],
  )
  const points = useColumns(figure?.points.sum, figure?.points.both)
  const shareAbove = new Map(
    series.flatMap(({ layers }, i) =>
      layers.map((value, layer) => [value, figure?.kinds[i].layers[layer].superAdditiveShare] as const),
    ),
  )
  const shown = figure?.kinds[0]
  const last = shown?.layers.at(-1)
  return (
    <CorpusFrame
      {...frame}
      heading="Two tokens at once"
      subtitle={
        last && shown
          ? `D(a+b) / (D(a) + D(b)), 95 % CI · ${formatPercent(last.superAdditiveShare, 0)} of ${PLACE_NAMES[shown.place]} pairs above the sum at the last layer · ${countText(series)}`
          : undefined
      }
      missing={last ? null : 'Run a corpus with pairs to see whether two changes add up.'}
      table={() =>
        layerTable(
          `D(a+b) against D(a) + D(b), by layer, with the share of pairs above the sum; ${countText(series)}`,
          series,
          (value) =>
            `${intervalText(value, ratio)} · ${formatPercent(shareAbove.get(value) ?? Number.NaN)} above`,
        )
      }
    >
      <div className="corpus-pair">
        <BandChart
          series={series}
          scale="value"
          reference={1}
          referenceLabel="1: the two add up"
          yLabel="D(a+b) / (D(a) + D(b))"
          title="Ratio of both changes to their sum, by layer"
          description="One line a kind of pair. Above one, two changes together move the layer further than the sum of each; below one, less far."
          formatValue={ratio}
          height={300}
          svgRef={svgRef}
        />
        <Scatterplot
          points={points}
          xLabel="D(a) + D(b)"
          yLabel="D(a+b), last layer"
          title={`Both changes together against their sum, at the last layer: ${shown ? PLACE_NAMES[shown.place] : ''} pairs`}
          diagonal="the two add up"
          height={300}
        />
      </div>
    </CorpusFrame>
  )
}
