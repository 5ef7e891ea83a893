import type { PredictedToken, TokenPrediction } from '../measures/tokenPrediction'
import type { EntryPairs } from './sameEntry'

/** Holds the predictions of two language models at aligned positions. Null where a side has no such head. */
export interface PredictionPair {
  readonly first: TokenPrediction | null
  readonly second: TokenPrediction | null
}

/** Holds one token of both distributions. */
export interface PairedToken {
  /** Null if the side's vocabulary has no single token of this spelling. */
  readonly first: PredictedToken | null
  readonly second: PredictedToken | null
}

const known = ({ before, after, also }: TokenPrediction) =>
  new Map([...also, ...before, ...after].map((token) => [token.tokenId, token]))

/** Returns ids of the most probable tokens of either text, best after the change first, each once. */
export function topIds({ before, after }: TokenPrediction, count = after.length): number[] {
  return [...new Set([...after.slice(0, count), ...before.slice(0, count)].map(({ tokenId }) => tokenId))]
}

const highest = ({ first, second }: PairedToken) =>
  Math.max(first?.after.probability ?? 0, second?.after.probability ?? 0)

/**
 * Pairs the most probable tokens of both sides, those that spell the same in one row, by the higher probability after
 * the change.
 *
 * @param further ids of the first's and of the second's vocabulary, listed whatever their probability
 * @param count most probable tokens of each text and side
 */
export function pairedTokens(
  { first, second }: PredictionPair,
  { toSecond, toFirst }: EntryPairs,
  further: { readonly first: readonly number[]; readonly second: readonly number[] },
  count?: number,
): PairedToken[] {
  const [ours, theirs] = [first, second].map((side) => side && known(side))
  const rowOf = (firstId: number | null, secondId: number | null): PairedToken => ({
    first: (firstId !== null && ours?.get(firstId)) || null,
    second: (secondId !== null && theirs?.get(secondId)) || null,
  })
  const listed = (side: TokenPrediction | null, own: readonly number[]) =>
    side ? [...new Set([...topIds(side, count), ...own])] : []
  const ofFirst = listed(first, further.first)
  const listedFirst = new Set(ofFirst)
  const onlySecond = listed(second, further.second).filter((id) => !listedFirst.has(toFirst(id) ?? -1))
  return [
    ...ofFirst.map((id) => rowOf(id, toSecond(id))),
    ...onlySecond.map((id) => rowOf(toFirst(id), id)),
  ].sort((a, b) => highest(b) - highest(a))
}

/** Counts how many of the first side's most probable tokens after the change are also among the second's. */
export function sharedTop(
  { first, second }: PredictionPair,
  { toSecond }: EntryPairs,
): { readonly shared: number; readonly of: number } | null {
  if (!first || !second) return null
  const theirs = new Set(second.after.map(({ tokenId }) => tokenId))
  const shared = first.after.filter(({ tokenId }) => theirs.has(toSecond(tokenId) ?? -1)).length
  return { shared, of: first.after.length }
}
