import type { AlignedBlock } from './besideAlignment'
import type { TokenLikelihood } from './tokenPrediction'

/** ln p before and after a change, in nats. */
export interface LikelihoodPair {
  readonly before: number
  readonly after: number
}

/** Tokens that stand opposite each other, and how well either model expects its own. */
export interface BesideLikelihoodRow {
  readonly block: AlignedBlock
  /** The sum over the block's tokens; null where one of them has none, or there is none. */
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
 * One row a block: ln p is a sum over tokens, so that a word which one tokenizer cuts finer still stands beside itself.
 *
 * @param first null: none of it is measured
 * @param second the same
 */
export function besideLikelihoodRows(
  blocks: readonly AlignedBlock[],
  first: Likelihoods | null,
  second: Likelihoods | null,
): BesideLikelihoodRow[] {
  const [ofFirst, ofSecond] = [summed(first), summed(second)]
  return blocks.map((block) => ({
    block,
    first: ofFirst(block.first),
    second: ofSecond(block.second),
  }))
}
