import { describe, expect, it } from 'vitest'
import {
  type Claim,
  commonnessClaims,
  frequencyClaims,
  identifiabilityClaims,
  propagationClaims,
} from './claims'
import type { Correlation, FrequencyFigure, LayerStatistic } from './figures'

const verdicts = (claims: readonly Claim[]) =>
  Object.fromEntries(claims.map(({ name, agrees }) => [name, agrees]))

const correlation = (coefficient: number): Correlation => ({ coefficient, p: 0, n: 20 })

const frequency = (pearson: number, spearman: number, topShare = 0.9): FrequencyFigure => ({
  sequences: 500,
  tokens: [1, 2, 3].map((tokenId) => ({ tokenId, counts: { l1: 9, l2: 9, linf: 9 }, corpusShare: 0.1 })),
  agreement: [
    { norms: ['l1', 'l2'], pearson: correlation(0.99), spearman: correlation(0.96) },
    { norms: ['l2', 'linf'], pearson: correlation(pearson), spearman: correlation(spearman) },
  ],
  topShare,
})

const layer = (index: number, mean: number, variance = 1): LayerStatistic => ({
  layer: index,
  n: 50,
  mean,
  low: mean,
  high: mean,
  variance,
})

describe('what a run says of the paper', () => {
  it('takes the weakest pair of norms, and most of the tokens', () => {
    const sign = (tokenId: number) => tokenId < 3
    expect(verdicts(frequencyClaims(frequency(0.99, 0.92), sign))).toEqual({
      'norms-alike': true,
      'ranks-alike': true,
      punctuation: true,
      concentrated: true,
    })
    expect(verdicts(frequencyClaims(frequency(0.7, 0.34, 0.5), () => false))).toEqual({
      'norms-alike': false,
      'ranks-alike': false,
      punctuation: false,
      concentrated: false,
    })
  })

  it('weighs tokens by how often they are chosen', () => {
    const counted = (counts: readonly number[]) => ({
      ...frequency(0.99, 0.92),
      tokens: counts.map((l2, tokenId) => ({ tokenId, counts: { l1: 0, l2, linf: 0 }, corpusShare: 0 })),
    })
    const onlyFirst = (tokenId: number) => tokenId === 0
    const agrees = (counts: readonly number[]) =>
      verdicts(frequencyClaims(counted(counts), onlyFirst)).punctuation
    expect(agrees([60, 10, 10, 10])).toBe(true)
    expect(agrees([20, 10, 10, 10])).toBe(false)
  })

  it('says nothing of spelling while names are unknown, and nothing at all of nothing', () => {
    expect(verdicts(frequencyClaims(frequency(0.99, 0.92), null))).not.toHaveProperty('punctuation')
    expect(frequencyClaims({ ...frequency(0.9, 0.9), tokens: [] }, null)).toEqual([])
    expect(propagationClaims({ ranks: [], all: [] })).toEqual([])
    expect(identifiabilityClaims({ layers: [] })).toEqual([])
  })

  it('leaves open whether the shift falls where the slope may be chance', () => {
    const figure = (slope: number, p: number) => ({
      norm: 'l2' as const,
      bins: [],
      regression: { slope, intercept: 0, r: 0, p, n: 100, band: [] },
      points: { commonness: new Float32Array(), shift: new Float32Array(), tokenIds: new Uint32Array() },
    })
    expect(verdicts(commonnessClaims(figure(-2, 1e-6)))).toEqual({ 'falls-with-commonness': true })
    expect(verdicts(commonnessClaims(figure(2, 1e-6)))).toEqual({ 'falls-with-commonness': false })
    expect(commonnessClaims(figure(-2, 0.3))).toEqual([])
    expect(commonnessClaims(figure(-2, Number.NaN))).toEqual([])
  })

  it('tells the course by depth, the last layer on its own', () => {
    const rank = (number: number, height: number) => ({
      rank: number,
      layers: [layer(0, 1), layer(1, height), layer(2, 1)],
    })
    const ranks = [rank(1, 2), rank(2, 2.5), rank(3, 4), rank(4, 5)]
    const asThere = [layer(0, 1, 1), layer(1, 2), layer(2, 3), layer(3, 2, 4)]
    expect(verdicts(propagationClaims({ ranks, all: asThere }))).toEqual({
      'rises-with-depth': true,
      'falls-at-last': true,
      'variance-grows': true,
      'first-ranks-low': true,
    })
    const otherwise = [layer(0, 3, 4), layer(1, 2), layer(2, 1), layer(3, 2, 1)]
    expect(verdicts(propagationClaims({ ranks: [rank(1, 9), ...ranks.slice(1)], all: otherwise }))).toEqual({
      'rises-with-depth': false,
      'falls-at-last': false,
      'variance-grows': false,
      'first-ranks-low': false,
    })
  })

  it('asks of every layer from the eighth on whether tokens are lost', () => {
    const figure = (rates: readonly number[]) => ({
      layers: rates.map((rate, index) => ({ layer: index, n: 9, rate, low: 0, high: 1, medianRank: 1 })),
    })
    const early = [1, 1, 1, 0.9, 0.9, 0.8, 0.7, 0.6]
    expect(verdicts(identifiabilityClaims(figure([...early, 0.4, 0.1])))).toEqual({
      'identifiability-falls': true,
      'lost-from-layer-8': true,
    })
    expect(verdicts(identifiabilityClaims(figure([...early, 0.6, 0.7])))).toEqual({
      'identifiability-falls': false,
      'lost-from-layer-8': false,
    })
    expect(verdicts(identifiabilityClaims(figure([1, 0.5])))).toEqual({ 'identifiability-falls': true })
  })
})
