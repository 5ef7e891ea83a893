import { describe, expect, it } from 'vitest'
import { PREDICTIONS } from './predictionsFixture'
import { chanceOf, divergence, entropy, logProbabilities, topTokens } from './tokenDistribution'

const K = 6

describe.each(PREDICTIONS.distributions)('scores: $name, against scipy', (expected) => {
  const [before, after] = expected.scores.map((scores) => logProbabilities(scores))

  it('gives ln p, entropy and KL in nats', () => {
    for (const [i, distribution] of [before, after].entries()) {
      for (const [id, logP] of distribution.entries()) {
        expect(logP).toBeCloseTo(expected.logProbabilities[i][id], 9)
      }
      expect(entropy(distribution)).toBeCloseTo(expected.entropy[i], 9)
    }
    expect(divergence(before, after)).toBeCloseTo(expected.divergence, 9)
    expect(divergence(before, after)).toBeGreaterThanOrEqual(0)
  })

  it('ranks tokens, equal ones by id', () => {
    expect(topTokens(before, K)).toEqual(expected.topBefore)
    expect(topTokens(after, K)).toEqual(expected.topAfter)
    for (const { tokenId, p, rank } of expected.also) {
      const chances = [before, after].map((distribution) => chanceOf(distribution, tokenId))
      expect(chances.map((chance) => chance.rank)).toEqual(rank)
      for (const [i, { probability }] of chances.entries()) expect(probability).toBeCloseTo(p[i], 9)
    }
    for (const [i, id] of topTokens(before, K).entries()) expect(chanceOf(before, id).rank).toBe(i + 1)
  })
})

it('reads a token that has no chance at all', () => {
  const distribution = logProbabilities([0, Number.NEGATIVE_INFINITY, 0])
  expect(chanceOf(distribution, 1)).toEqual({ probability: 0, rank: 3 })
  expect(entropy(distribution)).toBeCloseTo(Math.LN2, 12)
  expect(divergence(distribution, distribution)).toBe(0)
})
