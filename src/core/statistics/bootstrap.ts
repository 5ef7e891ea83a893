import { quantileSorted } from 'd3-array'
import { createRandom } from '../random'

/** Number of resamples behind an interval. */
export const RESAMPLES = 1000

/** Holds a 95 % interval. */
export interface Interval {
  readonly low: number
  readonly high: number
}

/**
 * Yields resamples of groups, drawn with replacement (Efron 1979): how often each group stands in it. The next one
 * overwrites the array.
 *
 * @param stream sets apart bootstraps of one seed
 */
export function* resampledCounts(
  groups: number,
  { seed, stream = 0, resamples = RESAMPLES }: { seed: number; stream?: number; resamples?: number },
): Generator<Uint16Array> {
  const random = createRandom(seed, stream, 'bootstrap')
  const counts = new Uint16Array(groups)
  for (let resample = 0; resample < resamples && groups > 0; resample++) {
    counts.fill(0)
    for (let draw = 0; draw < groups; draw++) counts[random.below(groups)]++
    yield counts
  }
}

/**
 * Returns the 95 % percentile interval of a bootstrap: the 2.5 and 97.5 % quantiles, interpolated (Hyndman and Fan's
 * type 7). Resamples in which the statistic is not defined are left out; NaN where it is in fewer than half of them.
 */
export function percentileInterval(values: ArrayLike<number>): Interval {
  const known = Array.from(values)
    .filter(Number.isFinite)
    .sort((a, b) => a - b)
  if (known.length === 0 || 2 * known.length < values.length) return { low: Number.NaN, high: Number.NaN }
  const at = (p: number) => quantileSorted(known, p) ?? Number.NaN
  return { low: at(0.025), high: at(0.975) }
}
