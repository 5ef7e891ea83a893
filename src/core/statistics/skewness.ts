import { isConstant, type NumericColumn } from './numericColumn'

/**
 * Returns the skewness of a column, its third central moment over the cube of its standard deviation, both divided by n
 * (scipy.stats.skew); NaN without values and for a constant column.
 */
export function skewness(column: NumericColumn): number {
  const n = column.length
  if (n === 0 || isConstant(column)) return Number.NaN
  let mean = 0
  for (let i = 0; i < n; i++) mean += column[i] / n
  let second = 0
  let third = 0
  for (let i = 0; i < n; i++) {
    const difference = column[i] - mean
    second += difference ** 2 / n
    third += difference ** 3 / n
  }
  return third / second ** 1.5
}
