import type { Measurement } from '../../core/measures/measurement'
import { type Substitution, substitutionsKey } from '../../core/measures/substitution'

/** Limit of 48 MB of Float32Arrays: all measurements in advance of a text of 512 tokens. */
const MAX_VALUES = 12_000_000
/** Number of texts: the present one and those that undo reaches soon; pins hold their own measurements. */
const MAX_TEXTS = 4

export interface MeasurementCache {
  get(inputIds: readonly number[], substitutions: readonly Substitution[]): Measurement | undefined
  has(inputIds: readonly number[], substitutions: readonly Substitution[]): boolean
  set(inputIds: readonly number[], measurement: Measurement): void
  /** Clears everything: another model, or the same one opened again, answers from now on. */
  clear(): void
}

export interface CacheLimits {
  /** Largest number of values held. */
  readonly values?: number
  /** Largest number of input sequences with any value held. */
  readonly texts?: number
}

const sizeOf = ({ distances, originalNorms, perturbedNorms }: Measurement) =>
  distances.length + originalNorms.length + perturbedNorms.length

/**
 * Holds measurements by input ids and substitutions, in any order. Bounded, so that memory stays constant however long
 * the page is open: the text that was not read for longest goes first, then the measurement of a text that was not read
 * for longest.
 */
export function createMeasurementCache({
  values: maxValues = MAX_VALUES,
  texts: maxTexts = MAX_TEXTS,
}: CacheLimits = {}): MeasurementCache {
  // Both maps are ordered by their last read, latest last.
  const texts = new Map<string, Map<string, Measurement>>()
  // A sequence is long and looked up hundreds of times, so its key is built once.
  let names = new WeakMap<readonly number[], string>()
  let values = 0

  const nameOf = (inputIds: readonly number[]) => {
    const known = names.get(inputIds)
    if (known !== undefined) return known
    const name = inputIds.join(',')
    names.set(inputIds, name)
    return name
  }

  function touch<T>(map: Map<string, T>, key: string): T | undefined {
    const value = map.get(key)
    if (value === undefined) return undefined
    map.delete(key)
    map.set(key, value)
    return value
  }

  function drop(kept: Map<string, Measurement>, key: string): void {
    const measurement = kept.get(key)
    if (!measurement) return
    kept.delete(key)
    values -= sizeOf(measurement)
  }

  function dropText(name: string): void {
    const kept = texts.get(name)
    for (const key of kept?.keys() ?? []) if (kept) drop(kept, key)
    texts.delete(name)
  }

  return {
    get: (inputIds, substitutions) => {
      const kept = touch(texts, nameOf(inputIds))
      return kept && touch(kept, substitutionsKey(substitutions))
    },
    has: (inputIds, substitutions) =>
      texts.get(nameOf(inputIds))?.has(substitutionsKey(substitutions)) ?? false,
    set: (inputIds, measurement) => {
      const name = nameOf(inputIds)
      const key = substitutionsKey(measurement.substitutions)
      const kept = touch(texts, name) ?? new Map<string, Measurement>()
      texts.set(name, kept)
      drop(kept, key)
      kept.set(key, measurement)
      values += sizeOf(measurement)
      for (const oldest of texts.keys()) {
        if (oldest === name || (texts.size <= maxTexts && values <= maxValues)) break
        dropText(oldest)
      }
      for (const oldest of kept.keys()) {
        if (oldest === key || values <= maxValues) break
        drop(kept, oldest)
      }
    },
    clear: () => {
      texts.clear()
      names = new WeakMap()
      values = 0
    },
  }
}
