import { extent } from 'd3-array'

/** Holds the lower and upper end of an axis or a scale, lower < upper. */
export type Domain = readonly [number, number]

const UNIT: Domain = [0, 1]

function finiteExtent(values: Iterable<number>): [number, number] | [undefined, undefined] {
  return extent(values, (value) => (Number.isFinite(value) ? value : undefined))
}

/**
 * Returns the domain of amounts: from 0 to the largest finite value, or from the smallest if some are negative. Without
 * values, or with only zeros, it is [0, 1], so that a scale over it is always defined.
 */
export function amountDomain(values: Iterable<number>): Domain {
  const [low, high] = finiteExtent(values)
  if (low === undefined || high === undefined || (low === 0 && high === 0)) return UNIT
  return [Math.min(0, low), Math.max(0, high)]
}

/**
 * Returns the finite extent of values whose zero has no meaning; a constant is widened, so that it is in the middle.
 */
export function valueDomain(values: Iterable<number>): Domain {
  const [low, high] = finiteExtent(values)
  if (low === undefined || high === undefined) return UNIT
  if (low < high) return [low, high]
  const half = Math.abs(low) / 2 || 0.5
  return [low - half, low + half]
}
