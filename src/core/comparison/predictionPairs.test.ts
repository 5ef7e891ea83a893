import { expect, it } from 'vitest'
import type { PredictedToken, TokenPrediction } from '../measures/tokenPrediction'
import { likelihoodRows } from './likelihoodRows'
import { pairedTokens, sharedTop, topIds } from './predictionPairs'

/** Probabilities before and after, by id. */
type Chances = Readonly<Record<number, readonly [before: number, after: number]>>

function predictionOf(chances: Chances, k: number, also: readonly number[] = []): TokenPrediction {
  const ids = Object.keys(chances).map(Number)
  const ranked = (when: 0 | 1) => [...ids].sort((a, b) => chances[b][when] - chances[a][when])
  const tokenOf = (tokenId: number): PredictedToken => ({
    tokenId,
    token: `t${tokenId}`,
    before: { probability: chances[tokenId][0], rank: ranked(0).indexOf(tokenId) + 1 },
    after: { probability: chances[tokenId][1], rank: ranked(1).indexOf(tokenId) + 1 },
  })
  const top = (when: 0 | 1) => ranked(when).slice(0, k).map(tokenOf)
  return {
    position: 1,
    before: top(0),
    after: top(1),
    also: also.map(tokenOf),
    entropy: { before: 1, after: 1 },
    divergence: 0.5,
    flips: false,
  }
}

/** Token n of the first is token n + 10 of the second; 9 and 19 are alone. */
const PAIRS = {
  toSecond: (id: number) => (id < 9 ? id + 10 : null),
  toFirst: (id: number) => (id < 19 ? id - 10 : null),
}
const NONE = { first: [], second: [] }

const FIRST = predictionOf({ 1: [0.5, 0.1], 2: [0.3, 0.6], 9: [0.1, 0.2], 3: [0.1, 0.05] }, 2, [3])
const SECOND = predictionOf({ 13: [0.4, 0.5], 19: [0.3, 0.3], 12: [0.2, 0.1], 11: [0.1, 0.1] }, 2, [12, 11])

it('lists the most probable tokens of either text once, the changed one’s first', () => {
  expect(topIds(FIRST)).toEqual([2, 9, 1])
  expect(topIds(FIRST, 1)).toEqual([2, 1])
})

it('sets tokens that are the same in one row, in the order of the higher probability', () => {
  const idsOf = (rows: ReturnType<typeof pairedTokens>) =>
    rows.map(({ first, second }) => [first?.tokenId ?? null, second?.tokenId ?? null])
  expect(idsOf(pairedTokens({ first: FIRST, second: SECOND }, PAIRS, NONE))).toEqual([
    [2, 12],
    [3, 13],
    [null, 19],
    [9, null],
    [1, 11],
  ])
  expect(idsOf(pairedTokens({ first: FIRST, second: SECOND }, PAIRS, NONE, 1))).toEqual([
    [2, 12],
    [3, 13],
    [1, 11],
  ])
  const own = { first: [3], second: [13, 12] }
  expect(idsOf(pairedTokens({ first: null, second: SECOND }, PAIRS, own, 1))).toEqual([
    [null, 13],
    [null, 12],
  ])
})

it('counts what both find most probable after the change', () => {
  expect(sharedTop({ first: FIRST, second: SECOND }, PAIRS)).toEqual({ shared: 0, of: 2 })
  const like = predictionOf({ 12: [0.1, 0.7], 14: [0.9, 0.3] }, 2)
  expect(sharedTop({ first: FIRST, second: like }, PAIRS)).toEqual({ shared: 1, of: 2 })
  expect(sharedTop({ first: FIRST, second: null }, PAIRS)).toBeNull()
})

it('sums ln p over what stands opposite, where every token of it has one', () => {
  const likelihoods = (values: Readonly<Record<number, number>>, change: number) => {
    const tokens = Object.entries(values).map(([position, logProbability]) => ({
      position: Number(position),
      logProbability,
      rank: 1,
    }))
    const after = tokens.map((token) => ({ ...token, logProbability: token.logProbability + change }))
    return { before: tokens, after }
  }
  const blocks = [
    { first: [0], second: [0] },
    { first: [1], second: [1, 2] },
    { first: [], second: [3] },
  ]
  const first = likelihoods({ 1: -2 }, -1)
  const second = likelihoods({ 0: -1, 1: -3, 2: -4, 3: -5 }, 0)
  expect(likelihoodRows(blocks, first, second)).toEqual([
    { block: blocks[0], first: null, second: { before: -1, after: -1 } },
    { block: blocks[1], first: { before: -2, after: -3 }, second: { before: -7, after: -7 } },
    { block: blocks[2], first: null, second: { before: -5, after: -5 } },
  ])
  expect(likelihoodRows(blocks, null, null).every((row) => row.first === null)).toBe(true)
})
