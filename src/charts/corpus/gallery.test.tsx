import { createElement, type ReactElement } from 'react'
import { renderToStaticMarkup } from 'react-dom/server'
import { expect, it } from 'vitest'
import type { IdentifiabilityFigure, LayerStatistic, ProxiesFigure } from '../../core/corpus/figures'
import { FileWidth } from '../useElementWidth'
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

/** Returns a figure whose layers tell the effects better and better. */
const proxies = (intervals: boolean): ProxiesFigure => ({
  kinds: [
    {
      perturbation: 'nearest',
      place: 'least-impactful',
      tokens: 1,
      series: (
        [
          ['whole', 'change', [0.1, 0.25, 0.4, 0.45]],
          ['whole', 'last-distance', [0.3, 0.5, 0.9]],
          ['own', 'change', [0.1, 0.2, 0.3, 0.35]],
        ] as const
      ).map(([measure, effect, values]) => ({
        measure,
        effect,
        n: 250,
        texts: 50,
        layers: values.map((spearman, layer) => ({
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

const identifiability = (rates: readonly number[]): IdentifiabilityFigure => ({
  layers: rates.map((rate, layer) => ({ layer, n: 80, rate, low: rate * 0.9, high: rate, medianRank: 1 })),
})
const column = (...values: readonly number[]) => Float32Array.from(values)
const ids = Uint32Array.from([0, 1, 2, 3])

const CHARTS: Readonly<Record<string, ReactElement>> = {
  'propagation-empty': <PropagationChart figure={null} />,
  ...Object.fromEntries(
    Object.entries(MEANS).map(([name, means]) => [
      `propagation-${name}`,
      <PropagationChart
        key={name}
        figure={{
          ranks: means.map((mean, i) => ({ rank: i + 1, layers: layersOf(mean) })),
          all: layersOf(means[0]),
        }}
      />,
    ]),
  ),
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
  'identifiability-ordinary': <IdentifiabilityChart figure={identifiability([1, 0.98, 0.7, 0.2])} />,
  'identifiability-constant': <IdentifiabilityChart figure={identifiability([1, 1])} />,
  'perturbations-ordinary': (
    <PerturbationsChart
      figure={{
        kinds: (['nearest', 'random', 'delete'] as const).map((perturbation, i) => ({
          perturbation,
          n: 50,
          meanShift: 3,
          layers: layersOf(MEANS.ordinary[i]),
          flips: 0.1,
          meanChange: 0.02,
        })),
      }}
    />
  ),
  'frequency-ordinary': (
    <FrequencyBars
      figure={{
        sequences: 30,
        topShare: 0.9,
        tokens: [0, 1, 2].map((tokenId) => ({
          tokenId,
          counts: { l1: 9 - 3 * tokenId, l2: 30, linf: tokenId },
          corpusShare: 0.01,
        })),
        agreement: [{ norms: ['l2', 'l1'], ...correlations }],
      }}
      tokenName={nameOf}
    />
  ),
  'commonness-ordinary': (
    <CommonnessChart
      figure={{
        norm: 'l2',
        bins: [{ from: 0, to: 0.5, n: 2, mean: 4, low: 3, high: 5 }],
        regression: {
          slope: -2,
          intercept: 5,
          r: -0.9,
          p: 0.01,
          n: 4,
          band: [
            { x: 0, y: 5, low: 4.5, high: 5.5 },
            { x: 1, y: 3, low: 2.5, high: 3.5 },
          ],
        },
        points: { commonness: column(), shift: column(), tokenIds: new Uint32Array() },
      }}
      points={{
        of: 'types',
        norm: 'l2',
        commonness: column(0, 0.4, 0.6, 1),
        shift: column(5, 4.2, nan, 3),
        tokenIds: ids,
        rows: ids,
        counts: ids,
      }}
      tokenName={nameOf}
    />
  ),
  'effect-ordinary': (
    <EffectChart
      figure={{
        n: 4,
        flips: 0.25,
        points: {
          shift: column(1, 2, 3, 4),
          lastDistance: column(2, 3, 4, 5),
          change: column(0, 0.1, 0.4, 0.9),
          flipped: Uint8Array.from([0, 0, 0, 1]),
          tokenIds: ids,
          rows: ids,
        },
        againstShift: correlations,
        againstLastDistance: correlations,
      }}
      tokenName={nameOf}
    />
  ),
  'proxies-ordinary': <ProxiesChart figure={proxies(true)} />,
  'proxies-without-intervals': <ProxiesChart figure={proxies(false)} />,
  'pairs-ordinary': (
    <PairsChart
      figure={{
        kinds: (['random', 'least-impactful'] as const).map((place, i) => ({
          place,
          layers: [0.8, 0.85, 0.95].map((value, layer) => ({
            layer,
            n: 20,
            ratio: value - 0.2 * i,
            low: value - 0.2 * i - 0.05,
            high: value - 0.2 * i + 0.05,
            superAdditiveShare: 0.1,
          })),
          effect: null,
        })),
        points: { sum: column(1, 2, 3), both: column(1, 1.5, 2.5) },
      }}
    />
  ),
}

it.each(Object.entries(CHARTS))('%s, wide and on a phone', async (name, chart) => {
  for (const width of [720, 358]) {
    const { ending, text } = drawingsOf(chart, width)
    await expect(text).toMatchFileSnapshot(`__snapshots__/${name}-${width}.${ending}`)
  }
})
