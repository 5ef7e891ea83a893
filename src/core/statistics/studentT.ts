import tCdf from '@stdlib/stats-base-dists-t-cdf'
import tQuantile from '@stdlib/stats-base-dists-t-quantile'

/**
 * Computes the two-sided p value of a t statistic, from the lower tail, so that small ones keep all their digits; below
 * about 2.2e-308 they become 0. NaN without degrees of freedom.
 *
 * @param degrees of freedom, > 0
 */
export function twoSidedP(t: number, degrees: number): number {
  if (!(degrees > 0) || Number.isNaN(t)) return Number.NaN
  return Math.min(1, 2 * tCdf(-Math.abs(t), degrees))
}

/** Returns the t of a symmetric 95 % interval; NaN without degrees of freedom. */
export function criticalT(degrees: number): number {
  return degrees > 0 ? tQuantile(0.975, degrees) : Number.NaN
}
