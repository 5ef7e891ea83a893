import { quickselect } from 'd3-array'
import type { NumericColumn } from './numericColumn'

/** Returns the middle value, or the mean of the two middle ones; NaN without values. Linear time on a copy. */
export function median(column: NumericColumn): number {
  const n = column.length
  if (n === 0) return Number.NaN
  const values = Float64Array.from(column)
  const middle = n >> 1
  quickselect(values, middle)
  if (n % 2 === 1) return values[middle]
  let below = values[0]
  for (let i = 1; i < middle; i++) if (values[i] > below) below = values[i]
  return (below + values[middle]) / 2
}
