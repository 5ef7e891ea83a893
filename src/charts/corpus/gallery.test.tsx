import { createElement, type ReactElement } from 'react'
import { renderToStaticMarkup } from 'react-dom/server'
import { expect, it } from 'vitest'
import type { LayerStatistic, ProxiesFigure } from '../../core/corpus/figures/figures'
import { FileWidth } from '../useElementWidth'
import { CausalChart } from './CausalChart'
import { CommonnessChart } from './CommonnessChart'
import { EffectChart } from './EffectChart'
import { FrequencyBars } from './FrequencyBars'
import { IdentifiabilityChart } from './IdentifiabilityChart'
import { PairsChart } from './PairsChart'
import { PerturbationsChart } from './PerturbationsChart'
import { PropagationChart } from './PropagationChart'
import { ProxiesChart } from './ProxiesChart'

/** Returns the drawings alone, one element a line; of a chart without a figure, its words. */
function drawingsOf(chart: ReactElement, width: number) {
  const html = renderToStaticMarkup(createElement(FileWidth, { value: width }, chart))
  const drawings = [...html.matchAll(/<svg\b[^>]*viewBox[\s\S]*?<\/svg>/g)].map(([svg]) =>
    svg.replace('<svg ', '<svg xmlns="http://www.w3.org/2000/svg" ').replaceAll('><', '>\n<'),
  )
  return drawings.length > 0
    ? { ending: 'svg', text: `${drawings.join('\n')}\n` }
    : { ending: 'html', text: `${html.replaceAll('><', '>\n<')}\n` }
}

const { NaN: nan } = Number
const correlation = { coefficient: 0.4, p: 0.01, n: 20 }
const correlations = { pearson: correlation, spearman: correlation }
const nameOf = (id: number) => ['the', 'wonderful', '.', 'film'][id % 4]
/** Returns means over the layers, with intervals where they are known. */
const layersOf = (means: readonly number[]): LayerStatistic[] =>
  means.map((mean, layer) => ({ layer, n: 50, mean, low: mean - 0.5, high: mean + 0.5, variance: mean / 2 }))

const MEANS: Readonly<Record<string, readonly (readonly number[])[]>> = {
  ordinary: [
    [3.2, 3.4, 3.1, 4, 4.4, 2.1],
    [3.6, 3.9, 3.5, 4.6, 5, 2.6],
    [4.1, 4.4, 4.2, 5.3, 5.9, 3.3],
  ],
  constant: [[2, 2, 2]],
  missing: [
    [1, nan, 2, 3],
    [nan, nan, nan, nan],
  ],
}

const column = (...values: readonly number[]) => Float32Array.from(values)
const idsOf = (count: number) => Uint32Array.from({ length: count }, (_, id) => id)

type Values = readonly number[]

/** Returns a figure whose layers tell the effects better and better. */
const proxies = (
  intervals: boolean,
  values: readonly [Values, Values, Values] = [
    [0.1, 0.25, 0.4, 0.45],
    [0.3, 0.5, 0.9],
    [0.1, 0.2, 0.3, 0.35],
  ],
): ProxiesFigure => ({
  kinds: [
    {
      perturbation: 'nearest',
      place: 'least-impactful',
      tokens: 1,
      series: (
        [
          ['whole', 'change', values[0]],
          ['whole', 'last-distance', values[1]],
          ['own', 'change', values[2]],
        ] as const
      ).map(([measure, effect, coefficients]) => ({
        measure,
        effect,
        n: 250,
        texts: 50,
        layers: coefficients.map((spearman, layer) => ({
          layer,
          spearman,
          low: intervals ? spearman - 0.06 : nan,
          high: intervals ? spearman + 0.05 : nan,
          kendall: 0.7 * spearman,
          gainLow: intervals ? 0.05 : nan,
          gainHigh: intervals ? 0.15 : nan,
        })),
      })),
    },
  ],
  overlaps: [],
})

const propagation = (means: readonly Values[]) => (
  <PropagationChart
    figure={{
      ranks: means.map((mean, i) => ({ rank: i + 1, layers: layersOf(mean) })),
      all: layersOf(means[0]),
    }}
  />
)

const identifiability = (rates: Values) => (
  <IdentifiabilityChart
    figure={{
      layers: rates.map((rate, layer) => ({
        layer,
        n: 80,
        rate,
        low: rate * 0.9,
        high: rate,
        medianRank: 1,
      })),
    }}
  />
)

const perturbations = (means: readonly Values[]) => (
  <PerturbationsChart
    figure={{
      kinds: (['nearest', 'random', 'delete'] as const).slice(0, means.length).map((perturbation, i) => ({
        perturbation,
        n: 50,
        meanShift: 3,
        layers: layersOf(means[i]),
        flips: 0.1,
        meanChange: 0.02,
      })),
    }}
  />
)

const frequency = (counts: readonly Values[]) => (
  <FrequencyBars
    figure={{
      sequences: 30,
      topShare: 0.9,
      tokens: counts.map(([l1, l2, linf], tokenId) => ({
        tokenId,
        counts: { l1, l2, linf },
        corpusShare: 0.01,
      })),
      agreement: [{ norms: ['l2', 'l1'], ...correlations }],
    }}
    tokenName={nameOf}
  />
)

const line = { slope: -2, intercept: 5, r: -0.9, p: 0.01, n: 4 }
const BAND = [
  { x: 0, y: 5, low: 4.5, high: 5.5 },
  { x: 1, y: 3, low: 2.5, high: 3.5 },
]

const commonness = (shares: Values, shifts: Values, fitted = true) => (
  <CommonnessChart
    figure={{
      norm: 'l2',
      bins: fitted ? [{ from: 0, to: 0.5, n: 2, mean: 4, low: 3, high: 5 }] : [],
      regression: fitted
        ? { ...line, band: BAND }
        : { ...line, slope: nan, intercept: nan, r: nan, p: nan, band: [] },
      points: { commonness: column(), shift: column(), tokenIds: new Uint32Array() },
    }}
    points={{
      of: 'types',
      norm: 'l2',
      commonness: column(...shares),
      shift: column(...shifts),
      tokenIds: idsOf(shares.length),
      rows: idsOf(shares.length),
      counts: idsOf(shares.length),
    }}
    tokenName={nameOf}
  />
)

const effect = (shifts: Values, changes: Values) => (
  <EffectChart
    figure={{
      n: shifts.length,
      flips: 0.25,
      points: {
        shift: column(...shifts),
        lastDistance: column(...shifts.map((shift) => shift + 1)),
        change: column(...changes),
        flipped: Uint8Array.from(changes, (change) => Number(change > 0.5)),
        tokenIds: idsOf(shifts.length),
        rows: idsOf(shifts.length),
      },
      againstShift: correlations,
      againstLastDistance: correlations,
    }}
    tokenName={nameOf}
  />
)

const pairs = (ratios: Values, both: Values) => (
  <PairsChart
    figure={{
      kinds: (['random', 'least-impactful'] as const).map((place, i) => ({
        place,
        layers: ratios.map((value, layer) => ({
          layer,
          n: 20,
          ratio: value - 0.2 * i,
          low: value - 0.2 * i - 0.05,
          high: value - 0.2 * i + 0.05,
          superAdditiveShare: 0.1,
        })),
        effect: null,
      })),
      points: { sum: column(...both.map((_, i) => i + 1)), both: column(...both) },
    }}
  />
)

/** Every chart of a run, with data as they usually are, none, all alike, and with values that are missing. */

/** @param means [parts, L+1] */
function causal(means: readonly (readonly number[])[]) {
  const [own, others, read, whole] = means.map((values) =>
    values.map((mean) => ({ mean, low: mean - 0.15, high: mean + 0.15 })),
  )
  const layers = own.map((of, layer) => ({
    layer,
    own: of,
    others: others[layer],
    read: read[layer],
    whole: whole[layer],
  }))
  const kind = { perturbation: 'nearest' as const, n: 60, texts: 12, leftOut: 3, layers }
  const kinds = [
    { ...kind, place: 'least-impactful' as const },
    { ...kind, place: 'random' as const },
  ]
  return <CausalChart figure={{ kinds }} reading="restored" />
}

const CHARTS: Readonly<Record<string, ReactElement>> = {
  'propagation-empty': <PropagationChart figure={null} />,
  'propagation-ordinary': propagation(MEANS.ordinary),
  'propagation-constant': propagation(MEANS.constant),
  'propagation-missing': propagation(MEANS.missing),
  'propagation-by-depth': (
    <PropagationChart
      figure={{ ranks: [], all: layersOf([1, 2, 3]) }}
      compared={{
        figure: { ranks: [], all: layersOf([2, 3, 3, 4, 5]) },
        names: ['small', 'large'],
        layers: [2, 4],
      }}
    />
  ),
  'identifiability-empty': <IdentifiabilityChart figure={null} />,
  'identifiability-ordinary': identifiability([1, 0.98, 0.7, 0.2]),
  'identifiability-constant': identifiability([1, 1]),
  'identifiability-missing': identifiability([1, nan, 0.5]),
  'perturbations-empty': <PerturbationsChart figure={null} />,
  'perturbations-ordinary': perturbations(MEANS.ordinary),
  'perturbations-constant': perturbations(MEANS.constant),
  'perturbations-missing': perturbations(MEANS.missing),
  'frequency-empty': <FrequencyBars figure={null} tokenName={nameOf} />,
  'frequency-ordinary': frequency([0, 1, 2].map((id) => [9 - 3 * id, 30, id])),
  'frequency-constant': frequency([
    [5, 5, 5],
    [5, 5, 5],
  ]),
  'frequency-missing': frequency([
    [9, nan, 0],
    [nan, nan, nan],
  ]),
  'commonness-empty': <CommonnessChart figure={null} points={null} tokenName={nameOf} />,
  'commonness-ordinary': commonness([0, 0.4, 0.6, 1], [5, 4.2, nan, 3]),
  'commonness-constant': commonness([0.5, 0.5, 0.5], [3, 3, 3], false),
  'commonness-missing': commonness([0.2, nan], [nan, nan], false),
  'effect-empty': <EffectChart figure={null} tokenName={nameOf} />,
  'effect-ordinary': effect([1, 2, 3, 4], [0, 0.1, 0.4, 0.9]),
  'effect-constant': effect([2, 2, 2], [0, 0, 0]),
  'effect-missing': effect([1, nan, 3], [nan, 0.1, 0.4]),
  'causal-empty': <CausalChart figure={null} reading={null} />,
  'causal-ordinary': causal([
    [1, 0.5, 0.1],
    [0, 0.6, 1],
    [0, 0.2, 1],
    [1, 1, 1],
  ]),
  'causal-constant': causal([
    [0, 0],
    [0, 0],
    [0, 0],
    [0, 0],
  ]),
  'causal-missing': causal([
    [1, nan, 0.1],
    [nan, nan, nan],
    [0, 0.2, nan],
    [1, 1, 1],
  ]),
  'proxies-empty': <ProxiesChart figure={null} />,
  'proxies-ordinary': <ProxiesChart figure={proxies(true)} />,
  'proxies-without-intervals': <ProxiesChart figure={proxies(false)} />,
  'proxies-constant': (
    <ProxiesChart
      figure={proxies(true, [
        [0, 0, 0],
        [0, 0],
        [0, 0, 0],
      ])}
    />
  ),
  'proxies-missing': (
    <ProxiesChart
      figure={proxies(true, [
        [nan, 0.2, nan],
        [nan, nan],
        [nan, nan, nan],
      ])}
    />
  ),
  'pairs-empty': <PairsChart figure={null} />,
  'pairs-ordinary': pairs([0.8, 0.85, 0.95], [1, 1.5, 2.5]),
  'pairs-constant': pairs([1, 1, 1], [1, 1, 1]),
  'pairs-missing': pairs([0.8, nan, 0.9], [1, nan]),
}

it.each(Object.entries(CHARTS))('%s, wide and on a phone', async (name, chart) => {
  for (const width of [720, 358]) {
    const { ending, text } = drawingsOf(chart, width)
    expect(text).not.toMatch(/NaN|Infinity|undefined/)
    await expect(text).toMatchFileSnapshot(`__snapshots__/${name}-${width}.${ending}`)
  }
})
