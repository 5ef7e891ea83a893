import { quantileSorted } from 'd3-array'

/**
 * @typedef {object} Spread
 * @property {number} median
 * @property {number} lower first quartile
 * @property {number} upper third quartile
 * @property {number} fastest smallest value; of a ratio, both sides' fastest against each other: other programs only ever
 *   add time, so on a busy machine it tells most about the work itself
 * @property {number} rounds
 */

/**
 * @param {readonly number[]} values at least one
 * @returns {Spread}
 */
export function spreadOf(values) {
  const sorted = [...values].sort((a, b) => a - b)
  const at = (/** @type {number} */ share) => quantileSorted(sorted, share) ?? Number.NaN
  return { median: at(0.5), lower: at(0.25), upper: at(0.75), fastest: sorted[0], rounds: sorted.length }
}

/**
 * Returns the spread of ratios round by round: both sides of a round ran one after the other, so a busy machine slowed
 * both.
 *
 * @param {readonly number[]} numerators
 * @param {readonly number[]} denominators as many
 * @returns {Spread}
 */
export function ratioSpreadOf(numerators, denominators) {
  const ratios = numerators.map((value, round) => value / denominators[round])
  return { ...spreadOf(ratios), fastest: Math.min(...numerators) / Math.min(...denominators) }
}
