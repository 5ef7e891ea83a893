import { describe, expect, it } from 'vitest'
import type {
  CommonnessFigure,
  EffectFigure,
  LayerStatistic,
  PairsFigure,
} from '../../core/corpus/figures/figures'
import { FIGURE_TEXTS } from './figureTexts'
import {
  commonnessFinding,
  effectFinding,
  frequencyFinding,
  identifiabilityFinding,
  pairsFinding,
  perturbationsFinding,
  propagationFinding,
} from './findings'

const layer = (index: number, mean: number, variance = 1): LayerStatistic => ({
  layer: index,
  n: 50,
  mean,
  low: mean - 1,
  high: mean + 1,
  variance,
})

const commonness = (slope: number, p: number, n = 430): CommonnessFigure => ({
  norm: 'l2',
  bins: [],
  regression: { slope, intercept: 10, r: Math.sign(slope) * 0.3, p, n, band: [] },
  points: { commonness: new Float32Array(), shift: new Float32Array(), tokenIds: new Uint32Array() },
})

describe('what a figure shows beside the paper', () => {
  it('says whether the shift falls, rises, or cannot be told', () => {
    expect(commonnessFinding(commonness(-2.11, 1e-9)).run).toBe(
      'Here slope −2.11 (l2, r −0.30, p < 0.001, n 430): the shift falls with commonness, as in fig. 2.',
    )
    expect(commonnessFinding(commonness(2.11, 1e-9)).run).toMatch(/rises with commonness, against fig. 2/)
    expect(commonnessFinding(commonness(-2.11, 0.2)).run).toMatch(/too little to tell/)
    expect(commonnessFinding(commonness(Number.NaN, Number.NaN, 1)).run).toBeNull()
  })

  it('counts the steps that rise, and finds the peak and the order of the ranks', () => {
    const all = [layer(0, 1, 1), layer(1, 2), layer(2, 3), layer(3, 2, 4)]
    const rank = (number: number, height: number) => ({
      rank: number,
      layers: all.map((at) => ({ ...at, mean: at.mean + height })),
    })
    const apart = propagationFinding({ ranks: [rank(1, 0), rank(2, 0.1), rank(3, 1)], all }).run
    expect(apart).toMatch(/\(it rises at 2 of the 2 steps\) and 2.00 at the last; it is largest at layer 2/)
    expect(apart).toMatch(/variance grows from 1.00 to 4.00; ranks 1 and 2 stay below the others/)
    const mixed = propagationFinding({ ranks: [rank(1, 0), rank(2, 2), rank(3, 1)], all }).run
    expect(mixed).toMatch(/ranks 1 and 2 do not stay below/)
    expect(propagationFinding({ ranks: [], all: [] }).run).toBeNull()
  })

  it('names the layer from which tokens are no longer read', () => {
    const rates = (values: readonly number[]) => ({
      layers: values.map((rate, index) => ({ layer: index, n: 10, rate, low: 0, high: 1, medianRank: 1 })),
    })
    expect(identifiabilityFinding(rates([1, 0.8, 0.4, 0.1])).run).toMatch(
      /100.0% .* 10.0% at layer 3, falling at every layer, below half from layer 2 on/,
    )
    expect(identifiabilityFinding(rates([1, 0.7, 0.9])).run).toMatch(/not falling .* never below half/)
  })

  it('calls pairs additive only within their interval', () => {
    const pairs = (low: number, ratio: number, high: number): PairsFigure => ({
      kinds: [
        {
          place: 'random',
          layers: [{ layer: 12, n: 40, ratio, low, high, superAdditiveShare: 0.25 }],
          effect: {
            n: 40,
            pearson: { coefficient: 0.5, p: 0.1, n: 40 },
            both: ratio,
            sum: 1,
            excess: ratio - 1,
            low: low - 1,
            high: high - 1,
          },
        },
      ],
      points: { sum: new Float32Array(), both: new Float32Array() },
    })
    expect(pairsFinding(pairs(0.9, 1, 1.1)).run).toMatch(/additive within the interval/)
    expect(pairsFinding(pairs(0.6, 0.7, 0.8)).run).toMatch(
      /two random tokens .* less than additive.* prediction by 0.7.* less than their sum would .*r 0.50/,
    )
    expect(pairsFinding(pairs(0.9, 1, 1.1)).run).toMatch(/as much as their sum would, within/)
    expect(pairsFinding(pairs(1.1, 1.2, 1.3)).run).toMatch(/more than additive/)
  })

  it('tells of probabilities that flip labels, and of scores that flip none', () => {
    const correlations = {
      pearson: { coefficient: 0.1, p: 0.5, n: 4 },
      spearman: { coefficient: 0.2, p: 0.5, n: 4 },
    }
    const effect = (flips: number): EffectFigure => ({
      n: 1200,
      flips,
      points: {
        shift: new Float32Array(4),
        lastDistance: new Float32Array(4),
        change: Float32Array.of(0, 2, 4, 6),
        flipped: new Uint8Array(4),
        tokenIds: new Uint32Array(4),
        rows: new Uint32Array(4),
      },
      againstShift: correlations,
      againstLastDistance: correlations,
    })
    expect(effectFinding(effect(0.25)).run).toMatch(
      /^25.0% of 1,200 substitutions flip the label. The change of probability has/,
    )
    expect(effectFinding(effect(Number.NaN)).run).toMatch(
      /^The model gives a score, so no label can flip: 1,200 substitutions change the score by 3.00 on average. The change of the score has/,
    )
    const { describe: says, notes } = FIGURE_TEXTS.effect
    expect(says(effect(0.25))).toMatch(/^Change of the predicted probability against/)
    expect(says(effect(Number.NaN))).toMatch(/^Change of the score against/)
    expect(notes?.(effect(Number.NaN))[0]).toBe('the model gives a score, no probability: no label flips')
  })

  it('says whether the nearest neighbour stays the smallest change', () => {
    const kind = (perturbation: 'nearest' | 'mask', mean: number) => ({
      perturbation,
      n: 5,
      meanShift: 1,
      layers: [layer(0, 1), layer(1, mean)],
      flips: 0,
      meanChange: 0,
    })
    expect(perturbationsFinding({ kinds: [kind('nearest', 1), kind('mask', 2)] }).run).toMatch(
      /smallest change at the last layer, too/,
    )
    expect(perturbationsFinding({ kinds: [kind('nearest', 3), kind('mask', 2)] }).run).toMatch(
      /“mask” moves the model least .* not of the last layer/,
    )
  })

  it('tells punctuation and numbers from words', () => {
    const names = ['.', ',', '1990', 'the']
    const figure = {
      sequences: 10,
      tokens: names.map((_, tokenId) => ({ tokenId, counts: { l1: 1, l2: 1, linf: 1 }, corpusShare: 0.1 })),
      agreement: [
        {
          norms: ['l2', 'l1'] as const,
          pearson: { coefficient: 0.991, p: 0, n: 4 },
          spearman: { coefficient: Number.NaN, p: Number.NaN, n: 4 },
        },
      ],
      topShare: 0.9,
    }
    const { run } = frequencyFinding(figure, (id) => names[id])
    expect(run).toMatch(
      /r is 0.99 and ρ not defined; the 4 most frequent hold 90%.*\(75% of them go to the 3 of 4 without a letter\)/,
    )
    expect(run).toMatch(/mostly punctuation and numbers, as in the paper/)
    expect(frequencyFinding(figure, () => 'word').run).toMatch(
      /mostly words; in the paper mostly punctuation/,
    )
  })
})
