import { describe, expect, it } from 'vitest'
import type { Measurement } from '../../core/measures/measurement'
import { createMeasurementCache } from './measurementCache'

const LAYERS = 2

function measurementOf(tokenId: number, positions: number): Measurement {
  const values = () => new Float32Array(LAYERS * positions)
  return {
    substitutions: [{ position: 0, tokenId }],
    layers: LAYERS,
    positions,
    distances: values(),
    originalNorms: values(),
    perturbedNorms: values(),
    shift: { l1: 0, l2: 0, linf: 0 },
    logits: null,
    provenance: { modelId: 'tiny', sha256: '', precision: '', device: '', shipped: false },
  }
}

const change = (tokenId: number) => [{ position: 0, tokenId }]

describe('the measurements kept', () => {
  it('are found by ids and substitutions, whichever array holds them and in whatever order', () => {
    const cache = createMeasurementCache()
    const pair = [
      { position: 1, tokenId: 5 },
      { position: 0, tokenId: 4 },
    ]
    const measurement = { ...measurementOf(4, 2), substitutions: pair }
    cache.set([7, 8], measurement)
    expect(cache.get([7, 8], pair.toReversed())).toBe(measurement)
    expect(cache.has([7, 9], pair)).toBe(false)
    expect(cache.has([7, 8], pair.slice(1))).toBe(false)
  })

  it('are those of the texts read last', () => {
    const cache = createMeasurementCache({ texts: 2 })
    cache.set([1], measurementOf(9, 1))
    cache.set([2], measurementOf(9, 1))
    cache.get([1], change(9))
    cache.set([3], measurementOf(9, 1))
    expect([1, 2, 3].map((id) => cache.has([id], change(9)))).toEqual([true, false, true])
  })

  it('are bounded by their numbers: other texts go first, then what was not read for longest', () => {
    // One measurement of a token holds six numbers.
    const cache = createMeasurementCache({ values: 18 })
    cache.set([1], measurementOf(1, 1))
    for (const tokenId of [1, 2, 3]) cache.set([2], measurementOf(tokenId, 1))
    expect(cache.has([1], change(1))).toBe(false)
    cache.get([2], change(1))
    cache.set([2], measurementOf(4, 1))
    expect([1, 2, 3, 4].map((tokenId) => cache.has([2], change(tokenId)))).toEqual([true, false, true, true])
  })

  it('include the one just set, however large', () => {
    const cache = createMeasurementCache({ values: 10 })
    cache.set([1], measurementOf(1, 1))
    cache.set([1], measurementOf(2, 5))
    expect(cache.has([1], change(1))).toBe(false)
    expect(cache.has([1], change(2))).toBe(true)
    cache.clear()
    expect(cache.has([1], change(2))).toBe(false)
  })
})
