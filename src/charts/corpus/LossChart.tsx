import { useMemo, useState } from 'react'
import {
  type Estimate,
  type LossFigure,
  type LossPoint,
  type LossSlice,
  slicePart,
  TASK_SCORE_NAMES,
  TASK_SCORES,
} from '../../core/corpus/figures/figures'
import { LOSS_SHARES, PLACE_NAMES, type Place } from '../../core/corpus/runSettings'
import { DataTable } from '../DataTable'
import { formatDecimals, formatNumber, formatPercent } from '../formatNumber'
import { intervalText } from '../line/LineChart'
import type { PlaceAxis } from '../line/layerAxis'
import type { LineSeries, LineValue } from '../line/lineChartGeometry'
import { BandChart } from './BandChart'
import { type CorpusChartProps, CorpusFrame } from './CorpusFrame'
import type { Compared } from './compared'
import { Switch } from './Switch'

export interface LossChartProps extends CorpusChartProps {
  readonly figure: LossFigure | null
  readonly compared?: Compared<LossFigure> | null
}

const MEASURES = [...TASK_SCORES, 'flips', 'divergence'] as const
type Measure = (typeof MEASURES)[number]

const NAMES: Readonly<Record<Measure, string>> = { ...TASK_SCORE_NAMES, flips: 'flips', divergence: 'KL' }

const LARGEST = Math.max(...LOSS_SHARES)

const AXIS: PlaceAxis = {
  label: 'tokens substituted at once, % →',
  extent: [0, LARGEST],
  ticks: [0, ...LOSS_SHARES],
  name: String,
  spoken: (share) => `${share} % of the tokens`,
}

const percent = (share: number) => formatPercent(share)
const wholePercent = (share: number) => formatPercent(share, 0)
const twoDigits = (value: number) => formatDecimals(value, 2)

const NOTHING: Estimate = { value: 0, low: 0, high: 0 }

/** Returns a measure before a change, and at every share. */
function valuesOf({ texts, before, curves }: LossFigure, place: Place, measure: Measure): LineValue[] {
  const points = curves.find((curve) => curve.place === place)?.points ?? []
  const first = measure === 'flips' || measure === 'divergence' ? NOTHING : before[measure]
  return [
    { layer: 0, n: texts, ...first },
    ...points.map((point: LossPoint) => ({ layer: point.share, n: texts, ...point[measure] })),
  ]
}

/** Place whose lines are drawn of two runs. */
const COMPARED_PLACE: Place = 'most-impactful'

function seriesOf({ figure, compared }: LossChartProps, measure: Measure): LineSeries[] {
  if (!figure) return []
  if (compared) {
    return [figure, compared.figure].map((of, i) => ({
      id: `run-${i}`,
      label: compared.names[i],
      className: `chart-series-${i}`,
      layers: of ? valuesOf(of, COMPARED_PLACE, measure) : [],
    }))
  }
  return figure.curves.map(({ place }, i) => ({
    id: place,
    label: PLACE_NAMES[place],
    className: `chart-series-${i}`,
    layers: valuesOf(figure, place, measure),
  }))
}

/** Draws what a task loses as a share of each text's tokens is substituted at once, by which tokens these are. */
export function LossChart({ figure, compared = null, svgRef, ...frame }: LossChartProps) {
  const [chosen, choose] = useState<Measure>('accuracy')
  const known = MEASURES.filter(
    (name) => name === 'flips' || name === 'divergence' || Number.isFinite(figure?.before[name].value),
  )
  const measure = known.includes(chosen) ? chosen : 'accuracy'
  const series = useMemo(() => seriesOf({ figure, compared }, measure), [figure, compared, measure])
  const isShare = measure !== 'divergence' && measure !== 'auc'
  const read = measure === 'divergence' ? formatNumber : isShare ? percent : twoDigits
  const texts = figure ? `${figure.texts.toLocaleString('en')} labelled texts` : ''
  const which = compared ? `, the ${PLACE_NAMES[COMPARED_PLACE]} first` : ''
  return (
    <CorpusFrame
      {...frame}
      heading="What the task loses"
      subtitle={`${NAMES[measure]} by share of tokens substituted at once${which}, 95 % CI by bootstrap over ${texts}`}
      missing={figure ? null : 'Labelled texts show what accuracy loses, as soon as one is measured.'}
      table={() => (
        <>
          <Shares series={series} caption={`${NAMES[measure]} by share, 95 % CI; ${texts}`} read={read} />
          {figure && !compared && <Slices figure={figure} />}
        </>
      )}
    >
      <Switch
        label="Measure of the task"
        choices={known.map((value) => ({ value, name: NAMES[value] }))}
        value={measure}
        onChange={choose}
      />
      <BandChart
        series={series}
        axis={AXIS}
        scale={measure === 'flips' || measure === 'divergence' ? 'amount' : 'value'}
        yLabel={measure === 'divergence' ? 'KL, nats' : NAMES[measure]}
        title={`${NAMES[measure]} by share of tokens substituted at once`}
        description={
          compared
            ? 'One line a run: the most impactful tokens.'
            : 'One line each: the least impactful tokens, random ones, the most impactful.'
        }
        formatValue={read}
        formatTick={isShare ? wholePercent : undefined}
        height={280}
        svgRef={svgRef}
      />
    </CorpusFrame>
  )
}

interface SharesProps {
  readonly series: readonly LineSeries[]
  readonly caption: string
  readonly read: (value: number) => string
}

function Shares({ series, caption, read }: SharesProps) {
  return (
    <DataTable
      caption={caption}
      columns={[
        { heading: '% substituted', numeric: true },
        ...series.map(({ label }) => ({ heading: label, numeric: true })),
      ]}
      rows={AXIS.ticks.map((share) => ({
        id: share,
        cells: [
          String(share),
          ...series.map(({ layers }) => {
            const value = layers.find(({ layer }) => layer === share)
            return value ? intervalText(value, read) : '–'
          }),
        ],
      }))}
    />
  )
}

const atLargest = ({ points }: LossSlice, place: Place) =>
  points.find((point) => point.place === place && point.share === LARGEST)

/** Lists the parts of the texts, each with its accuracy and the area between its curves. */
function Slices({ figure: { slices, labels } }: { readonly figure: LossFigure }) {
  const places: readonly Place[] = ['least-impactful', 'random', 'most-impactful']
  return (
    <DataTable
      caption={`Accuracy in parts of the texts, before and with ${LARGEST} % of the tokens substituted, and the area between the curves of the least and the most impactful, 95 % CI. By commonness each change is split at its own median.`}
      columns={[
        { heading: 'texts' },
        { heading: 'n', numeric: true },
        ...places.map((place) => ({ heading: PLACE_NAMES[place], numeric: true })),
        { heading: 'area', numeric: true },
      ]}
      rows={slices.map((slice) => ({
        id: `${slice.by} ${slice.part}`,
        cells: [
          Number.isFinite(slice.limit)
            ? `${slice.part === 0 ? 'up to' : 'over'} ${formatNumber(slice.limit)} tokens`
            : slicePart(slice, labels),
          (slice.points[0]?.n ?? 0).toLocaleString('en'),
          ...places.map((place) => {
            const point = atLargest(slice, place)
            return point ? `${percent(point.before)} → ${percent(point.accuracy)}` : '–'
          }),
          intervalText({ layer: 0, ...slice.area }, twoDigits),
        ],
      }))}
    />
  )
}
