import { quantileSorted } from 'd3-array'

/**
 * @typedef {object} Spread
 * @property {number} median
 * @property {number} lower first quartile
 * @property {number} upper third quartile
 * @property {number} rounds
 */

/**
 * @param {readonly number[]} values at least one
 * @returns {Spread}
 */
export function spreadOf(values) {
  const sorted = [...values].sort((a, b) => a - b)
  const at = (/** @type {number} */ share) => quantileSorted(sorted, share) ?? Number.NaN
  return { median: at(0.5), lower: at(0.25), upper: at(0.75), rounds: sorted.length }
}

/**
 * Ratios round by round: both sides of a round ran one after the other, so a busy machine slowed both.
 *
 * @param {readonly number[]} numerators
 * @param {readonly number[]} denominators as many
 */
export function ratiosOf(numerators, denominators) {
  return numerators.map((value, round) => value / denominators[round])
}
