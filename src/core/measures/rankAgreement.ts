import type { Correlation } from '../corpus/figures/figures'
import { spearman } from '../statistics/correlation'

/** Says how much two rankings of the same tokens agree. */
export interface RankAgreement {
  /** Spearman's rho over the tokens that both measure. */
  readonly correlation: Correlation
  /** Number of tokens among the first of both. */
  readonly shared: number
  /** Number of first tokens that were compared. */
  readonly of: number
}

/** Number of first tokens that are compared. */
const FIRST = 5

/** Returns the indices of the largest amounts, equal ones by index. */
function firstOf(amounts: readonly number[], count: number): Set<number> {
  return new Set([...amounts.keys()].sort((a, b) => amounts[b] - amounts[a] || a - b).slice(0, count))
}

/**
 * Compares two rankings of tokens, largest amount first, over the tokens that have both amounts.
 *
 * @param a amounts by token; what is null or not a number is not compared
 * @param b amounts by token, in the same order
 */
export function rankAgreement(a: readonly (number | null)[], b: readonly (number | null)[]): RankAgreement {
  const pairs = a.flatMap((one, i) => {
    const other = b[i] ?? Number.NaN
    return one !== null && Number.isFinite(one) && Number.isFinite(other) ? [[one, other] as const] : []
  })
  const [first, second] = [pairs.map(([one]) => one), pairs.map(([, other]) => other)]
  const of = Math.min(FIRST, pairs.length)
  const top = firstOf(first, of)
  const shared = [...firstOf(second, of)].filter((index) => top.has(index)).length
  return { correlation: spearman(first, second), shared, of }
}
