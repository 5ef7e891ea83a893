import { createRandom, shuffled } from '../random'
import type { Place } from './runSettings'

/** Holds the positions of a sequence that have a substitute, ascending, with the shift that each makes. */
export interface SubstitutablePositions {
  /** Index in the sample. */
  readonly sequence: number
  readonly positions: readonly number[]
  readonly shiftAt: (position: number) => number
}

/**
 * Returns positions in the order in which they are substituted: the smallest shift first, the largest first (ties by
 * position), or drawn by the seed. A larger share of the tokens thus takes what a smaller one took, and more.
 */
export function substitutionOrder(
  place: Place,
  { sequence, positions, shiftAt }: SubstitutablePositions,
  seed: number,
): readonly number[] {
  switch (place) {
    case 'least-impactful':
      return positions.toSorted((a, b) => shiftAt(a) - shiftAt(b) || a - b)
    case 'most-impactful':
      return positions.toSorted((a, b) => shiftAt(b) - shiftAt(a) || a - b)
    case 'random':
      return shuffled(positions, createRandom(seed, sequence, 'losses'))
  }
}

/** Returns how many tokens a share of a text is: rounded half up, at least one. @param share percent */
export const lossCount = (share: number, tokens: number) =>
  Math.max(1, Math.floor((share * tokens) / 100 + 0.5))
