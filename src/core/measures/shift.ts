import type { Norm } from './norm'

/** Holds the norm of h_0(x) - h_0(x') over all entries, in each of the three norms. */
export type Shift = Readonly<Record<Norm, number>>

export const ZERO_SHIFT: Shift = { l1: 0, l2: 0, linf: 0 }

/**
 * Computes the norms of the difference of two rows, accumulated in float64.
 *
 * @param original row of width d
 * @param perturbed row of width d
 */
export function shiftBetween(original: ArrayLike<number>, perturbed: ArrayLike<number>): Shift {
  if (original.length !== perturbed.length) {
    throw new RangeError(`rows of different width: ${original.length} and ${perturbed.length}`)
  }
  let l1 = 0
  let squares = 0
  let linf = 0
  for (let i = 0; i < original.length; i++) {
    const difference = Math.abs(original[i] - perturbed[i])
    l1 += difference
    squares += difference * difference
    if (difference > linf) linf = difference
  }
  return { l1, l2: Math.sqrt(squares), linf }
}

/** Computes the shift of a sequence in which several rows moved: the norms over all their entries together. */
export function combineShifts(shifts: readonly Shift[]): Shift {
  return shifts.reduce(
    (sum, shift) => ({
      l1: sum.l1 + shift.l1,
      l2: Math.hypot(sum.l2, shift.l2),
      linf: Math.max(sum.linf, shift.linf),
    }),
    ZERO_SHIFT,
  )
}
