/** Names the purposes of streams of draws. The order is part of every result: append only. */
const PURPOSES = [
  'sample',
  'order',
  'positions',
  'tokens',
  'pairs',
  'readings',
  'bootstrap',
  'learned',
  'losses',
] as const
export type Purpose = (typeof PURPOSES)[number]

/** Draws from a reproducible stream. */
export interface Random {
  /** Returns an integer, uniform over 0..2^32 - 1. */
  bits(): number
  /** Returns an integer, uniform over 0..below - 1; `below` at most 2^32. */
  below(below: number): number
}

/** Applies the finalizer of MurmurHash3 (Appleby): every bit of the input changes every bit of the result. */
function mix(value: number): number {
  let h = value >>> 0
  h = Math.imul(h ^ (h >>> 16), 0x85ebca6b)
  h = Math.imul(h ^ (h >>> 13), 0xc2b2ae35)
  return (h ^ (h >>> 16)) >>> 0
}

/** Number of draws discarded after seeding, as in PractRand's own seeding. */
const WARM_UP = 15

/**
 * Returns the generator sfc32 (Chris Doty-Humphrey, PractRand: 128 bits of state, a period of at least 2^32), seeded by
 * the purpose of the draws: a stream does not depend on other draws, so neither the order of work nor a resumed run
 * changes it.
 *
 * @param seed 0..2^32 - 1
 * @param index of a sequence; 0 for draws over the whole corpus
 */
export function createRandom(seed: number, index: number, purpose: Purpose): Random {
  let a = mix(seed ^ 0x9e3779b9)
  let b = mix(a ^ index)
  let c = mix(b ^ (PURPOSES.indexOf(purpose) + 1))
  let counter = 1

  function bits(): number {
    const sum = (a + b + counter) | 0
    counter = (counter + 1) | 0
    a = b ^ (b >>> 9)
    b = (c + (c << 3)) | 0
    c = (((c << 21) | (c >>> 11)) + sum) | 0
    return sum >>> 0
  }
  for (let i = 0; i < WARM_UP; i++) bits()

  return {
    bits,
    below(below) {
      if (!Number.isInteger(below) || below < 1 || below > 2 ** 32) {
        throw new RangeError(`nothing can be drawn below ${below}`)
      }
      // Draws of the last, incomplete run of remainders are repeated: the rest are equally likely.
      const limit = 2 ** 32 - (2 ** 32 % below)
      let drawn = bits()
      while (drawn >= limit) drawn = bits()
      return drawn % below
    },
  }
}

/** Returns a shuffled copy (Fisher and Yates). */
export function shuffled<T>(values: readonly T[], random: Random): T[] {
  return drawn(values, values.length, random)
}

/** Draws `count` of the values without replacement, in the order of drawing; all of them if there are fewer. */
export function drawn<T>(values: readonly T[], count: number, random: Random): T[] {
  const pool = values.slice()
  const end = Math.min(count, pool.length)
  for (let i = 0; i < end; i++) {
    const j = i + random.below(pool.length - i)
    const value = pool[i]
    pool[i] = pool[j]
    pool[j] = value
  }
  return pool.slice(0, end)
}

/** Draws `count` distinct integers of 0..size - 1, ascending, without listing them all (Floyd's algorithm). */
export function drawnIndices(size: number, count: number, random: Random): number[] {
  const chosen = new Set<number>()
  for (let last = Math.max(size - count, 0); last < size; last++) {
    const index = random.below(last + 1)
    chosen.add(chosen.has(index) ? last : index)
  }
  return [...chosen].sort((x, y) => x - y)
}
