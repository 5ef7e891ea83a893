import { readFileSync } from 'node:fs'
import { describe, expect, it } from 'vitest'
import type { Measurement } from '../measures/measurement'
import { parseDeviceReference } from './deviceReference'
import {
  largestDifferences,
  measurementDifferences,
  neighborDifferences,
  TRUSTED_DIFFERENCE,
} from './deviceReferenceDifference'

const readJson = (path: string) =>
  JSON.parse(readFileSync(new URL(`../../../${path}`, import.meta.url), 'utf8'))
const written = readJson('public/reference/built-in.json')
const reference = parseDeviceReference(written)

describe('the reference that comes with the page', () => {
  it('is of the built-in model, and of the fixture that holds the engine', () => {
    const { sha256 } = readJson('public/models/built-in.json')
    expect(reference.model.sha256).toBe(sha256)
    const fixture = readJson('fixtures/bert-imdb-l12-h384.reference.json')
    for (const { name, text, inputIds, measurements } of reference.cases) {
      const known = fixture.cases.find((one: { name: string }) => one.name === name)
      expect({ text, inputIds }).toEqual({ text: known.text, inputIds: known.inputIds })
      expect(measurements.map(({ distances }) => distances)).toEqual(
        known.measurements.map(({ distances }: { distances: number[] }) => distances),
      )
    }
  })

  it('names neighbours of every position that it changes', () => {
    for (const { neighbors, measurements } of reference.cases) {
      const positions = new Set(neighbors.map(({ position }) => position))
      for (const { substitutions } of measurements) {
        for (const { position } of substitutions) expect(positions).toContain(position)
      }
    }
  })

  it.each([
    ['no object', null],
    ['another version', { ...written, version: 2 }],
    ['a number that is none', { ...written, cases: [{ ...written.cases[0], logits: ['1'] }] }],
    ['no case', { ...written, cases: [] }],
  ])('is refused with %s', (_, value) => {
    expect(() => parseDeviceReference(value)).toThrow('The reference that comes with the page is damaged.')
  })
})

const [one] = reference.cases
const [expected] = one.measurements

/** Returns a measurement with exactly the reference's numbers, all of the distance at one position. */
function exact(changes: Partial<Measurement> = {}): Measurement {
  const layers = expected.distances.length
  return {
    substitutions: expected.substitutions,
    layers,
    positions: 1,
    distances: Float32Array.from(expected.distances),
    originalNorms: new Float32Array(layers).fill(1),
    perturbedNorms: new Float32Array(layers).fill(1),
    shift: expected.shift,
    logits: { before: one.logits, after: expected.logits },
    provenance: { modelId: 'm', sha256: '', precision: '', device: 'test', shipped: false },
    ...changes,
  }
}

const largest = (measurement: Measurement) =>
  Object.fromEntries(
    largestDifferences(measurementDifferences(measurement, expected, one.logits)).map(
      ({ measure, relative }) => [measure, relative],
    ),
  )

describe('the difference from PyTorch', () => {
  it('is that of float32 where the numbers are the same', () => {
    const found = largest(exact())
    expect(Object.keys(found)).toEqual(['distance', 'shift', 'logit'])
    for (const relative of Object.values(found)) expect(relative).toBeLessThan(TRUSTED_DIFFERENCE / 100)
  })

  it('is the largest of any layer, and names only the measure that is off', () => {
    const distances = Float32Array.from(expected.distances, (value, layer) =>
      layer === 7 ? value * 1.001 : value,
    )
    const found = largest(exact({ distances }))
    expect(found.distance).toBeCloseTo(1e-3, 5)
    expect(found.shift).toBe(0)
    expect(found.logit).toBe(0)
  })

  it('is infinite where a device gives no number, or none at all', () => {
    const distances = Float32Array.from(expected.distances).fill(Number.NaN, 3, 4)
    expect(largest(exact({ distances })).distance).toBe(Number.POSITIVE_INFINITY)
    expect(largest(exact({ logits: null })).logit).toBe(Number.POSITIVE_INFINITY)
  })

  it('holds cosines and shifts of neighbours beside theirs', () => {
    const [row] = one.neighbors
    const neighbors = row.ids.map((tokenId, i) => ({
      tokenId,
      token: '',
      cosine: row.cosines[i],
      shift: { l1: 0, l2: row.shifts[i] * (i === 4 ? 1.01 : 1), linf: 0 },
      rawShift: { l1: 0, l2: 0, linf: 0 },
    }))
    const found = largestDifferences(neighborDifferences(neighbors, row))
    expect(found.map(({ measure }) => measure)).toEqual(['shift', 'cosine'])
    expect(found[0].relative).toBeCloseTo(0.01, 6)
    expect(found[1].relative).toBe(0)
    const short = largestDifferences(neighborDifferences(neighbors.slice(1), row))
    expect(short[1].relative).toBe(Number.POSITIVE_INFINITY)
  })
})
