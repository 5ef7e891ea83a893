import type { Explorer } from '../../core/explorer'
import { layerwiseDistances, type Measurement } from '../../core/measures/measurement'
import { median } from '../../core/statistics/median'
import { inputIdsOf } from '../../core/text/token'

/** Relative difference of any D_l up to which two devices give the same numbers. */
export const AGREEMENT = 1e-4

/** Ratio of times up to which WebGPU is worth its start and its risks. */
const WORTHWHILE = 0.8

const RUNS = 3

/** Text long enough to show what a GPU is good for, short enough for idle time. */
const PROBE =
  'The first hour is slow and the plot makes little sense, yet the two leads are so good together that I stopped ' +
  'caring about the story and simply watched them talk, argue, cook dinner and fall in love, and when the lights ' +
  'came on again I wanted to see it once more.'

export interface DeviceComparison {
  /** Largest relative difference of any D_l between the two. */
  readonly difference: number
  /** Median time of the candidate's forward over that of the present one. */
  readonly timeRatio: number
  readonly agrees: boolean
  readonly chosen: boolean
}

/** Returns the largest |a - b| / b of any D_l; the D_l of a where that of b is 0. */
export function largestRelativeDifference(a: Measurement, b: Measurement): number {
  const present = layerwiseDistances(b)
  return layerwiseDistances(a).reduce((largest, { distance }, layer) => {
    const expected = present[layer].distance
    const difference = expected > 0 ? Math.abs(distance - expected) / expected : distance
    return Number.isNaN(difference) ? Number.POSITIVE_INFINITY : Math.max(largest, difference)
  }, 0)
}

type Compared = Pick<Explorer, 'tokenize' | 'measure'>

/**
 * Measures whether a second device gives the present one's numbers, and whether it is faster for this model.
 * The device is chosen by this, never by its name: WebGPU drivers return wrong numbers, and small models run slower there.
 *
 * @param now a clock, ms
 */
export async function compareDevices(
  present: Compared,
  candidate: Compared,
  now: () => number,
): Promise<DeviceComparison> {
  const inputIds = inputIdsOf(await present.tokenize(PROBE))
  const measured = async (explorer: Compared, run: number): Promise<[Measurement, number]> => {
    // Another position each time, so that no cache answers; the token put there does not matter.
    const substitutions = [{ position: 1 + (run % (inputIds.length - 2)), tokenId: inputIds[0] }]
    const start = now()
    const measurement = await explorer.measure({ inputIds, substitutions })
    return [measurement, now() - start]
  }
  let difference = 0
  const times = { present: [] as number[], candidate: [] as number[] }
  for (let run = 0; run <= RUNS; run++) {
    const [expected, presentTime] = await measured(present, run)
    const [actual, candidateTime] = await measured(candidate, run)
    difference = Math.max(difference, largestRelativeDifference(actual, expected))
    // The first run also encodes the original and warms up.
    if (run === 0) continue
    times.present.push(presentTime)
    times.candidate.push(candidateTime)
  }
  const timeRatio = median(times.candidate) / median(times.present)
  const agrees = difference < AGREEMENT
  return { difference, timeRatio, agrees, chosen: agrees && timeRatio < WORTHWHILE }
}
