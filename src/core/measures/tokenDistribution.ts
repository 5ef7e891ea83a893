import type { TokenChance } from './tokenPrediction'

/** Holds ln p of every token, in float64: [V]. */
export type LogProbabilities = Float64Array

/**
 * Computes log-softmax in float64, shifted by the maximum.
 *
 * @param scores [V] what the head gives
 */
export function logProbabilities(scores: ArrayLike<number>): LogProbabilities {
  let maximum = Number.NEGATIVE_INFINITY
  for (let i = 0; i < scores.length; i++) if (scores[i] > maximum) maximum = scores[i]
  let sum = 0
  for (let i = 0; i < scores.length; i++) sum += Math.exp(scores[i] - maximum)
  const shift = maximum + Math.log(sum)
  return Float64Array.from(scores, (score) => score - shift)
}

/** Computes Shannon entropy, -Σ p ln p, in nats. */
export function entropy(distribution: LogProbabilities): number {
  return distribution.reduce((sum, logP) => {
    const p = Math.exp(logP)
    return p > 0 ? sum - p * logP : sum
  }, 0)
}

/** Computes KL(before || after) = Σ p ln(p / q) in nats; rounding never takes it below 0. */
export function divergence(before: LogProbabilities, after: LogProbabilities): number {
  const sum = before.reduce((total, logP, i) => {
    const p = Math.exp(logP)
    return p > 0 ? total + p * (logP - after[i]) : total
  }, 0)
  return Math.max(0, sum)
}

/** Returns ids of the k most probable tokens, best first; equal ones by id. */
export function topTokens(distribution: LogProbabilities, k: number): number[] {
  const top: number[] = []
  for (let id = 0; id < distribution.length; id++) {
    if (top.length === k && distribution[id] <= distribution[top[k - 1]]) continue
    let place = top.length
    while (place > 0 && distribution[id] > distribution[top[place - 1]]) place--
    top.splice(place, 0, id)
    if (top.length > k) top.pop()
  }
  return top
}

/** Returns probability and rank of one token; rank 1 is the most probable, equal ones are ordered by id. */
export function chanceOf(distribution: LogProbabilities, tokenId: number): TokenChance {
  const own = distribution[tokenId]
  let rank = 1
  for (let id = 0; id < distribution.length; id++) {
    if (distribution[id] > own || (distribution[id] === own && id < tokenId)) rank++
  }
  return { probability: Math.exp(own), rank }
}
