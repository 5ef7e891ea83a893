import type { TokenCounts } from '../run'

/** Returns the commonness of a token id; NaN for tokens that do not occur in the corpus. */
export type Commonness = (tokenId: number) => number

/**
 * Computes commonness (measures.md, experiment 2, fig. 2): log(1 + f), min-max scaled to [0, 1] over the tokens that
 * occur in the corpus. If all occur equally often there is no scale, and every value is 0.
 */
export function createCommonness({ tokenIds, counts }: TokenCounts): Commonness {
  let low = Number.POSITIVE_INFINITY
  let high = 0
  for (const count of counts) {
    if (count < low) low = count
    if (count > high) high = count
  }
  const start = Math.log1p(low)
  const span = Math.log1p(high) - start
  const values = new Float64Array(tokenIds.length === 0 ? 0 : (tokenIds.at(-1) ?? 0) + 1).fill(Number.NaN)
  for (let i = 0; i < tokenIds.length; i++) {
    values[tokenIds[i]] = span > 0 ? (Math.log1p(counts[i]) - start) / span : 0
  }
  return (tokenId) => (tokenId < values.length ? values[tokenId] : Number.NaN)
}
