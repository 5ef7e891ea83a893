import type { Measurement } from '../core/measurement'
import { type Substitution, substitutionsKey } from '../core/substitution'

/** 48 MB of Float32Arrays. */
const MAX_VALUES = 12_000_000

export interface MeasurementCache {
  get(inputIds: readonly number[], substitutions: readonly Substitution[]): Measurement | undefined
  has(inputIds: readonly number[], substitutions: readonly Substitution[]): boolean
  set(inputIds: readonly number[], measurement: Measurement): void
  /** Forgets all: another model, or the same one opened again, answers from now on. */
  clear(sha256: string): void
}

/**
 * Measurements by model, input ids and substitutions, in whatever order these come. Bounded by the numbers held; the
 * one not read for longest goes first.
 */
export function createMeasurementCache(maxValues = MAX_VALUES): MeasurementCache {
  const kept = new Map<string, Measurement>()
  // A sequence is long and asked about hundreds of times, so it gets a short name once.
  const names = new Map<string, number>()
  let nameByArray = new WeakMap<readonly number[], string>()
  let model = ''
  let values = 0

  const nameOf = (inputIds: readonly number[]) => {
    const known = nameByArray.get(inputIds)
    if (known) return known
    const sequence = inputIds.join(',')
    const number = names.get(sequence) ?? names.size
    names.set(sequence, number)
    const name = `${model}/${number}`
    nameByArray.set(inputIds, name)
    return name
  }
  const keyOf = (inputIds: readonly number[], substitutions: readonly Substitution[]) =>
    `${nameOf(inputIds)}/${substitutionsKey(substitutions)}`
  const sizeOf = ({ distances, originalNorms, perturbedNorms }: Measurement) =>
    distances.length + originalNorms.length + perturbedNorms.length

  const drop = (key: string) => {
    const measurement = kept.get(key)
    if (!measurement) return
    kept.delete(key)
    values -= sizeOf(measurement)
  }

  return {
    get: (inputIds, substitutions) => {
      const key = keyOf(inputIds, substitutions)
      const measurement = kept.get(key)
      if (!measurement) return undefined
      kept.delete(key)
      kept.set(key, measurement)
      return measurement
    },
    has: (inputIds, substitutions) => kept.has(keyOf(inputIds, substitutions)),
    set: (inputIds, measurement) => {
      const key = keyOf(inputIds, measurement.substitutions)
      drop(key)
      kept.set(key, measurement)
      values += sizeOf(measurement)
      for (const oldest of kept.keys()) {
        if (values <= maxValues || oldest === key) break
        drop(oldest)
      }
    },
    clear: (sha256) => {
      model = sha256
      kept.clear()
      names.clear()
      nameByArray = new WeakMap()
      values = 0
    },
  }
}
