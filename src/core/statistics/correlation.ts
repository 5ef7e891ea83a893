import { sampleCorrelation, sampleRankCorrelation } from 'simple-statistics'
import type { Correlation } from '../corpus/figures/figures'
import { fail } from '../failure'
import { isConstant, type NumericColumn, toNumbers } from './numericColumn'
import { twoSidedP } from './studentT'

/** Limits a coefficient to -1..1, which rounding may exceed. */
const clamp = (coefficient: number) => Math.max(-1, Math.min(1, coefficient))

/** Computes p of a coefficient by t = r sqrt((n - 2) / ((1 - r)(1 + r))) with n - 2 degrees of freedom. */
function pOf(coefficient: number, n: number): number {
  return twoSidedP(coefficient * Math.sqrt((n - 2) / ((1 - coefficient) * (1 + coefficient))), n - 2)
}

function undefinedFor(x: NumericColumn, y: NumericColumn): boolean {
  if (x.length !== y.length) {
    fail('internal', `A correlation needs columns of one length, not ${x.length} and ${y.length}.`)
  }
  return x.length < 2 || isConstant(x) || isConstant(y)
}

/**
 * Computes Pearson's r with its two-sided p (the exact distribution under normality, equal to a t test). NaN for n < 2
 * and where a column is constant: without variance there is nothing to correlate. n = 2 always gives r = 1 or -1, thus
 * p = 1.
 *
 * @throws FailureError `internal` for columns of unequal length
 */
export function pearson(x: NumericColumn, y: NumericColumn): Correlation {
  const n = x.length
  if (undefinedFor(x, y)) return { coefficient: Number.NaN, p: Number.NaN, n }
  const coefficient = clamp(sampleCorrelation(toNumbers(x), toNumbers(y)))
  if (n === 2) return { coefficient: Math.sign(coefficient), p: 1, n }
  return { coefficient, p: pOf(coefficient, n), n }
}

/**
 * Computes Spearman's rho: Pearson's r between ranks, ties sharing the average of theirs; p by the t distribution. NaN
 * for n < 2 and constant columns, as `pearson`; for n = 2 the t test has no degree of freedom and p alone is NaN.
 *
 * @throws FailureError `internal` for columns of unequal length
 */
export function spearman(x: NumericColumn, y: NumericColumn): Correlation {
  const n = x.length
  if (undefinedFor(x, y)) return { coefficient: Number.NaN, p: Number.NaN, n }
  const coefficient = clamp(sampleRankCorrelation(toNumbers(x), toNumbers(y)))
  if (n === 2) return { coefficient: Math.sign(coefficient), p: Number.NaN, n }
  return { coefficient, p: pOf(coefficient, n), n }
}
