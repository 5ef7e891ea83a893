import { mean, sampleVariance } from 'simple-statistics'
import { isConstant, type NumericColumn, toNumbers } from './numericColumn'
import { criticalT } from './studentT'

export interface MeanInterval {
  readonly n: number
  readonly mean: number
  /** 95 % interval. */
  readonly low: number
  readonly high: number
  /** Unbiased: divided by n - 1. */
  readonly variance: number
}

/** Returns the mean; NaN without values. */
export function meanOf(column: NumericColumn): number {
  if (column.length === 0) return Number.NaN
  return isConstant(column) ? column[0] : mean(toNumbers(column))
}

/** Returns the unbiased variance; NaN for n < 2: one value says nothing about spread. */
export function varianceOf(column: NumericColumn): number {
  if (column.length < 2) return Number.NaN
  return isConstant(column) ? 0 : sampleVariance(toNumbers(column))
}

/**
 * Returns the mean with its 95 % t interval, mean -+ t(0.975, n - 1) s / sqrt(n). For n < 2 interval and variance are
 * NaN, for n = 0 the mean too; a constant column has an interval of no width.
 */
export function meanInterval(column: NumericColumn): MeanInterval {
  const n = column.length
  const center = meanOf(column)
  const variance = varianceOf(column)
  const half = criticalT(n - 1) * Math.sqrt(variance / n)
  return { n, mean: center, low: center - half, high: center + half, variance }
}
