import type { TokenLikelihood } from '../measures/tokenPrediction'
import type { AlignedBlock } from './alignment'

/** Holds ln p before and after a change, in nats. */
export interface LikelihoodPair {
  readonly before: number
  readonly after: number
}

/** Holds aligned tokens and how well each model expects its own. */
export interface LikelihoodRow {
  readonly block: AlignedBlock
  /** Sum over the block's tokens; null if the block has no tokens here, or one of them has no likelihood. */
  readonly first: LikelihoodPair | null
  readonly second: LikelihoodPair | null
}

interface Likelihoods {
  readonly before: readonly TokenLikelihood[]
  readonly after: readonly TokenLikelihood[]
}

const byPosition = (tokens: readonly TokenLikelihood[]) =>
  new Map(tokens.map(({ position, logProbability }) => [position, logProbability]))

function sumOver(positions: readonly number[], known: ReadonlyMap<number, number>): number | null {
  if (positions.length === 0) return null
  let sum = 0
  for (const position of positions) {
    const found = known.get(position)
    if (found === undefined) return null
    sum += found
  }
  return sum
}

function summed(likelihoods: Likelihoods | null) {
  const [before, after] = [byPosition(likelihoods?.before ?? []), byPosition(likelihoods?.after ?? [])]
  return (positions: readonly number[]): LikelihoodPair | null => {
    const [was, is] = [sumOver(positions, before), sumOver(positions, after)]
    return was === null || is === null ? null : { before: was, after: is }
  }
}

/**
 * Returns one row per block: ln p is summed over its tokens, so that a word which one tokenizer cuts finer is still
 * comparable.
 *
 * @param first null: none of it is measured
 * @param second the same
 */
export function likelihoodRows(
  blocks: readonly AlignedBlock[],
  first: Likelihoods | null,
  second: Likelihoods | null,
): LikelihoodRow[] {
  const [ofFirst, ofSecond] = [summed(first), summed(second)]
  return blocks.map((block) => ({
    block,
    first: ofFirst(block.first),
    second: ofSecond(block.second),
  }))
}
