import { useMemo, useState } from 'react'
import type { Effect, ProxiesFigure, ProxyKind, ProxySeries } from '../../core/corpus/figures/figures'
import { PERTURBATION_NAMES } from '../../core/corpus/runSettings'
import { DataTable } from '../DataTable'
import { formatDecimals, formatPercent } from '../formatNumber'
import { intervalText } from '../line/LineChart'
import type { LineSeries, LineValue } from '../line/lineChartGeometry'
import { BandChart, countText } from './BandChart'
import { type CorpusChartProps, CorpusFrame } from './CorpusFrame'
import { type Compared, comparedSeries, isByDepth } from './compared'
import { mainProxy } from './findings'
import { layerTable } from './layerTable'

export interface ProxiesChartProps extends CorpusChartProps {
  readonly figure: ProxiesFigure | null
  readonly compared?: Compared<ProxiesFigure> | null
}

/** Short names, for the ends of lines. */
const EFFECTS: Readonly<Record<Effect, string>> = {
  change: 'prediction',
  divergence: 'KL',
  'last-distance': 'last layer',
}

const twoDigits = (value: number) => formatDecimals(value, 2)

const lineId = ({ measure, effect }: ProxySeries) => `${measure} ${effect}`

/** Colours by line, the same for every kind of change. */
const COLOURS = ['whole change', 'own change', 'whole last-distance', 'own last-distance', 'whole divergence']

const keyOf = ({ perturbation, place, tokens }: ProxyKind) => `${perturbation} ${place} ${tokens}`

/** Returns `nearest neighbour, least impactful`, `nearest neighbour, two random tokens`. */
function nameOf({ perturbation, place, tokens }: ProxyKind): string {
  const where = place === 'random' ? 'random' : 'least impactful'
  const what = tokens === 2 ? `two ${where} tokens` : `${where} tokens`
  return `${PERTURBATION_NAMES[perturbation]}, ${what}`
}

const valuesOf = ({ n, layers }: ProxySeries): readonly LineValue[] =>
  layers.map(({ layer, spearman, low, high }) => ({ layer, n, value: spearman, low, high }))

function lineOf(series: ProxySeries): LineSeries {
  const { measure, effect } = series
  return {
    id: lineId(series),
    label: measure === 'own' ? `${EFFECTS[effect]}, own position` : EFFECTS[effect],
    className: `chart-series-${COLOURS.indexOf(lineId(series))}`,
    layers: valuesOf(series),
  }
}

/** Tells whether an effect has a line: KL goes almost as the change of the prediction does, and is in the table alone. */
const isDrawn = ({ effect }: ProxySeries) => effect !== 'divergence'

/** Draws how well the distance at each layer tells what a change does: Spearman's ρ with its interval, by effect. */
export function ProxiesChart({ figure, compared = null, svgRef, ...frame }: ProxiesChartProps) {
  const [chosen, choose] = useState('')
  const kinds = figure?.kinds ?? []
  const kind = kinds.find((one) => keyOf(one) === chosen) ?? (figure && mainProxy(figure)?.kind) ?? null
  const effect = kind?.series[0]?.effect ?? 'change'
  const series = useMemo(() => {
    if (!kind) return []
    if (!compared) return kind.series.filter(isDrawn).map(lineOf)
    return comparedSeries(figure, compared, ({ kinds }) => {
      const same = kinds.find((one) => keyOf(one) === keyOf(kind))
      const one = same?.series.find((of) => of.measure === 'whole' && of.effect === effect)
      return one ? valuesOf(one) : []
    })
  }, [figure, kind, compared, effect])
  const byDepth = compared !== null && isByDepth(compared)
  const texts = kind?.series[0]?.texts ?? 0
  const tau = new Map(
    (compared ? [] : (kind?.series.filter(isDrawn) ?? [])).flatMap((one, line) =>
      one.layers.map(({ kendall }, i) => [series[line]?.layers[i], kendall] as const),
    ),
  )
  return (
    <CorpusFrame
      {...frame}
      heading="Does an early layer tell the effect?"
      subtitle={`Spearman's ρ of D by layer with ${compared ? EFFECTS[effect] : 'what the change does'}, 95 % CI by bootstrap over ${texts.toLocaleString('en')} texts · ${countText(series)}`}
      missing={
        series.some(({ layers }) => layers.length > 0)
          ? null
          : 'Run a corpus of three texts or more to see which layer tells what a change does.'
      }
      table={() => (
        <>
          {layerTable(
            `Spearman's ρ of D with the effect, 95 % CI, and Kendall's τ-b, by layer; ${countText(series)}`,
            series,
            (value) => {
              const b = tau.get(value)
              return `${intervalText(value, twoDigits)}${b === undefined ? '' : ` · τ ${twoDigits(b)}`}`
            },
            byDepth,
          )}
          {figure && !compared && <Overlaps figure={figure} />}
        </>
      )}
    >
      {kinds.length > 1 && (
        <label className="corpus-kind">
          <span>Change</span>
          <select value={kind ? keyOf(kind) : ''} onChange={(event) => choose(event.currentTarget.value)}>
            {kinds.map((one) => (
              <option key={keyOf(one)} value={keyOf(one)}>
                {nameOf(one)}
              </option>
            ))}
          </select>
        </label>
      )}
      <BandChart
        series={series}
        scale="value"
        reference={0}
        referenceLabel="0: tells nothing"
        byDepth={byDepth}
        yLabel="Spearman's ρ with D_l"
        title="How well the distance at each layer tells the effect"
        description={
          compared
            ? 'One line a run.'
            : 'One line an effect: the change of the prediction, and the distance at the last layer; of the whole sequence and of the changed position alone.'
        }
        formatValue={twoDigits}
        height={300}
        svgRef={svgRef}
      />
    </CorpusFrame>
  )
}

/** Lists, by layer, how many of the tokens with the smallest effect have the smallest distance, too. */
function Overlaps({ figure: { overlaps } }: { readonly figure: ProxiesFigure }) {
  const [first] = overlaps
  if (!first) return null
  return (
    <DataTable
      caption={`Of the tokens a text with the smallest effect, the share that also has the smallest D, 95 % CI; by chance ${formatPercent(first.chance, 0)}; ${first.texts.toLocaleString('en')} texts`}
      columns={[
        { heading: 'layer' },
        ...overlaps.map(({ effect }) => ({ heading: EFFECTS[effect], numeric: true })),
      ]}
      rows={first.layers.map(({ layer }, i) => ({
        id: layer,
        cells: [
          String(layer),
          ...overlaps.map(({ layers }) => {
            const { share, low, high } = layers[i]
            const percent = (value: number) => formatPercent(value, 0)
            return intervalText({ layer, n: 0, value: share, low, high }, percent)
          }),
        ],
      }))}
    />
  )
}
