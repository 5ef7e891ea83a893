import { layerwiseDistances, type Measurement } from '../measures/measurement'
import type { Neighbor } from '../measures/neighbor'
import { NORMS } from '../measures/norm'
import type { DeviceReferenceCase } from './deviceReference'

/** Largest relative difference at which a device's numbers count as the reference's. */
export const TRUSTED_DIFFERENCE = 1e-4

export const CHECKED_MEASURES = ['distance', 'shift', 'cosine', 'logit'] as const
export type CheckedMeasure = (typeof CHECKED_MEASURES)[number]

/**
 * Floors below which a difference is absolute, since fp32 has no digits left there: D_l and shift, cosine, logit. The
 * engine's test against PyTorch uses the same floors (engine/reference.test.ts).
 */
const FLOORS: Readonly<Record<CheckedMeasure, number>> = {
  distance: 1e-3,
  shift: 1e-3,
  cosine: 0.01,
  logit: 0.1,
}

/** Compares one number with PyTorch's, or with the other device's. */
export interface Difference {
  readonly measure: CheckedMeasure
  readonly expected: number
  readonly actual: number
  /** |actual - expected| / max(|expected|, floor); infinite where `actual` is no number. */
  readonly relative: number
}

function difference(measure: CheckedMeasure, actual: number, expected: number): Difference {
  const relative = Math.abs(actual - expected) / Math.max(Math.abs(expected), FLOORS[measure])
  return {
    measure,
    expected,
    actual,
    relative: Number.isNaN(relative) ? Number.POSITIVE_INFINITY : relative,
  }
}

/** Compares every number of a list with its counterpart; a number that one of them lacks counts as infinitely far. */
function differences(
  measure: CheckedMeasure,
  actual: readonly number[],
  expected: readonly number[],
): Difference[] {
  return Array.from({ length: Math.max(actual.length, expected.length) }, (_, i) =>
    difference(measure, actual[i] ?? Number.NaN, expected[i] ?? Number.NaN),
  )
}

/** Compares a device's measurement of one substitution with the reference, number by number. */
export function measurementDifferences(
  measurement: Measurement,
  expected: DeviceReferenceCase['measurements'][number],
  logits: readonly number[],
): Difference[] {
  return [
    ...differences(
      'distance',
      layerwiseDistances(measurement).map(({ distance }) => distance),
      expected.distances,
    ),
    ...NORMS.map((norm) => difference('shift', measurement.shift[norm], expected.shift[norm])),
    ...differences('logit', measurement.logits?.before ?? [], logits),
    ...differences('logit', measurement.logits?.after ?? [], expected.logits),
  ]
}

/** Compares a device's nearest tokens of one position with the reference, number by number. */
export function neighborDifferences(
  neighbors: readonly Neighbor[],
  expected: DeviceReferenceCase['neighbors'][number],
): Difference[] {
  return [
    ...differences(
      'cosine',
      neighbors.map(({ cosine }) => cosine),
      expected.cosines,
    ),
    ...differences(
      'shift',
      neighbors.map(({ shift }) => shift.l2),
      expected.shifts,
    ),
  ]
}

/** Cosines closer than this are a tie, which the last digits of fp32 decide. */
const TIE = 1e-6

/** Says whether a device finds the reference's nearest tokens in its order; tokens of a tie may change places. */
export function sameNeighbors(
  neighbors: readonly Neighbor[],
  expected: DeviceReferenceCase['neighbors'][number],
): boolean {
  const { ids, cosines } = expected
  return (
    neighbors.length === ids.length &&
    neighbors.every(
      ({ tokenId, cosine }, rank) => tokenId === ids[rank] || Math.abs(cosine - cosines[rank]) < TIE,
    )
  )
}

/** Returns the largest difference of each measure; measures of which nothing was compared are left out. */
export function largestDifferences(all: readonly Difference[]): Difference[] {
  return CHECKED_MEASURES.flatMap((measure) => {
    const of = all.filter((one) => one.measure === measure)
    return of.length === 0 ? [] : [of.reduce((a, b) => (b.relative > a.relative ? b : a))]
  })
}
