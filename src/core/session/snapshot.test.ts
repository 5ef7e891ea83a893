import { beforeAll, describe, expect, it, vi } from 'vitest'
import type { ClosestTokensRequest, Explorer, MeasureRequest, ModelInfo, NeighborsRequest } from '../explorer'
import { layerwiseDistances, type Measurement } from '../measures/measurement'
import { NO_FILTERS } from '../measures/neighbor'
import { buildSnapshot, parseSnapshot, type Snapshot, snapshotExplorer } from './snapshot'
import {
  packAmounts,
  packDifferences,
  packFloats,
  unpackAmounts,
  unpackDifferences,
  unpackFloats,
} from './snapshotArrays'
import { createSnapshotLibrary } from './snapshotLibrary'

const provenance = {
  modelId: 'm',
  sha256: 'a'.repeat(64),
  precision: 'fp32',
  device: 'onnxruntime-node',
  shipped: false,
}
const info: ModelInfo = {
  id: 'm',
  family: 'bert',
  layers: 3,
  width: 4,
  vocabularySize: 200,
  maxTokens: 32,
  labels: ['NEGATIVE', 'POSITIVE'],
  parameters: 1,
  bytes: 1,
  provenance,
}
const TEXT = 'one two three'
const inputIds = [1, 11, 12, 13, 2]
const example = { slug: 'x', text: TEXT, position: 2 }

const shift = (x: number) => ({ l1: x * 3, l2: x, linf: x / 2 })
const wave = (seed: number) => Math.abs(Math.sin(seed * 12.9898)) ** 3 * 20

function measure({ substitutions }: MeasureRequest): Measurement {
  const cells = (info.layers + 1) * inputIds.length
  const seed = substitutions.reduce((sum, { position, tokenId }) => sum + position * 31 + tokenId, 0)
  const originalNorms = Float32Array.from({ length: cells }, (_, i) => 10 + wave(i + 1))
  return {
    substitutions,
    layers: info.layers + 1,
    positions: inputIds.length,
    distances: Float32Array.from({ length: cells }, (_, i) =>
      seed === 0 || (i < 5 && i !== 2) ? 0 : wave(seed + i),
    ),
    originalNorms,
    perturbedNorms: originalNorms.map((norm, i) => norm + (seed === 0 ? 0 : Math.sin(seed + i))),
    shift: shift(seed),
    logits: { before: [0, 1], after: [seed, 1] },
    provenance,
  }
}

const explorer: Pick<Explorer, 'tokenize' | 'neighbors' | 'measure' | 'closestTokens'> = {
  tokenize: async (text) => ({
    text,
    tokens: inputIds.map((id) => ({ id, text: `t${id}`, special: id < 10, start: 0, end: 0 })),
    truncatedAt: null,
    totalTokens: 5,
    totalIsAtLeast: false,
  }),
  neighbors: async ({ positions, k }: NeighborsRequest) =>
    positions.map((position) =>
      Array.from({ length: k }, (_, i) => ({
        tokenId: 20 + position * 50 + i,
        token: `v${20 + position * 50 + i}`,
        cosine: 1 / (i + 2),
        shift: shift(i + 1),
        rawShift: shift(i + 2),
      })),
    ),
  measure: async (request) => measure(request),
  closestTokens: async ({ layers, positions, k, substitutions }: ClosestTokensRequest) =>
    layers.flatMap((layer) =>
      positions.map((position) => ({
        layer,
        position,
        tokens: Array.from({ length: k }, (_, i) => ({
          tokenId: 100 + layer * 10 + position + i,
          token: `v${100 + layer * 10 + position + i}`,
          cosine: substitutions.length === 0 ? 0.5 : 0.25,
        })),
      })),
    ),
}

let snapshot: Snapshot
let shipped: Explorer
beforeAll(async () => {
  snapshot = parseSnapshot(JSON.parse(JSON.stringify(await buildSnapshot(explorer, info, example))))
  shipped = snapshotExplorer(snapshot)
})

describe('packed arrays', () => {
  it('keep amounts within 7e-5 over four decades, and 0 as 0', () => {
    const values = Float32Array.from({ length: 1000 }, (_, i) =>
      i % 7 === 0 ? 0 : 10 ** ((i % 400) / 100 - 2),
    )
    const unpacked = unpackAmounts(packAmounts(values))
    for (let i = 0; i < values.length; i++) {
      if (values[i] === 0) expect(unpacked[i]).toBe(0)
      else expect(Math.abs(unpacked[i] / values[i] - 1)).toBeLessThan(8e-5)
    }
  })

  it('survive nothing, zeros and one value', () => {
    for (const values of [Float32Array.of(), Float32Array.of(0, 0), Float32Array.of(2.5, 2.5)]) {
      expect(unpackAmounts(packAmounts(values))).toEqual(values)
      expect(unpackDifferences(packDifferences(values))).toEqual(values)
      expect(unpackFloats(packFloats(values))).toEqual(values)
    }
  })

  it('keep signed differences within a 2,000th of their range, and floats exactly', () => {
    const values = Float32Array.from({ length: 500 }, (_, i) => Math.sin(i) * 3)
    const unpacked = unpackDifferences(packDifferences(values))
    for (let i = 0; i < values.length; i++) expect(Math.abs(unpacked[i] - values[i])).toBeLessThan(6 / 2_000)
    expect(unpackFloats(packFloats(values))).toEqual(values)
  })
})

describe('shipped results', () => {
  it('give the same distances as the model to 1e-4, the same shift and logits', async () => {
    const tokenId = 20 + 3 * 50
    const request = { inputIds, substitutions: [{ position: 3, tokenId }] }
    const expected = measure(request)
    const found = await shipped.measure(request)
    expect(found).toMatchObject({
      substitutions: request.substitutions,
      shift: expected.shift,
      logits: expected.logits,
      layers: 4,
      positions: 5,
      provenance: { device: 'onnxruntime-node', shipped: true },
    })
    layerwiseDistances(expected).forEach((layer, i) => {
      const { distance, own, relative, cosine } = layerwiseDistances(found)[i]
      expect(Math.abs(distance - layer.distance)).toBeLessThanOrEqual(1e-4 * layer.distance)
      expect(Math.abs(own - layer.own)).toBeLessThanOrEqual(1e-4 * layer.own)
      expect(Math.abs(relative - layer.relative)).toBeLessThanOrEqual(1e-4 * layer.relative)
      expect(Math.abs(cosine - layer.cosine)).toBeLessThan(1e-4)
    })
  })

  it('measure the text itself as no change', async () => {
    const { distances, logits } = await shipped.measure({ inputIds, substitutions: [] })
    expect(distances.every((distance) => distance === 0)).toBe(true)
    expect(logits).toEqual({ before: [0, 1], after: [0, 1] })
  })

  it('hold the top substitute of every token, and the listed ones of the default token', async () => {
    const held = [1, 2, 3].map((position) => [{ position, tokenId: 20 + position * 50 }])
    const listed = Array.from({ length: 8 }, (_, i) => [{ position: 2, tokenId: 120 + i }])
    for (const substitutions of [...held, ...listed]) {
      await expect(shipped.measure({ inputIds, substitutions })).resolves.toBeDefined()
      const { position } = substitutions[0]
      const request = { inputIds, substitutions, layers: [0, 3], positions: [position], k: 5 }
      const readings = await shipped.closestTokens(request)
      expect(readings.map(({ layer }) => layer)).toEqual([0, 3])
      expect(readings[1].tokens).toHaveLength(position === 2 ? 5 : 3)
      expect(readings[1].tokens[0]).toEqual({
        tokenId: 130 + position,
        token: `v${130 + position}`,
        cosine: 0.25,
      })
    }
  })

  it('list neighbours with names, up to 50 at the default token', async () => {
    const request = { inputIds, positions: [1, 2], k: 50, filters: NO_FILTERS }
    const [first, chosen] = await shipped.neighbors(request)
    expect(first).toHaveLength(10)
    expect(chosen).toHaveLength(50)
    expect(chosen[1]).toMatchObject({ tokenId: 121, token: 'v121', shift: shift(2), rawShift: shift(3) })
    expect(chosen[1].cosine).toBeCloseTo(1 / 3, 5)
  })

  it('reject as not ready what they do not hold', async () => {
    const neighbors = { inputIds, positions: [1], k: 10, filters: NO_FILTERS }
    const unknown = [
      () => shipped.tokenize('one two'),
      () => shipped.vocabulary(),
      () => shipped.measure({ inputIds, substitutions: [{ position: 1, tokenId: 5 }] }),
      () => shipped.measure({ inputIds: [1, 2], substitutions: [] }),
      () => shipped.neighbors({ ...neighbors, filters: { ...NO_FILTERS, unused: true } }),
      () => shipped.neighbors({ ...neighbors, also: [5] }),
      () =>
        shipped.closestTokens({
          inputIds,
          substitutions: [{ position: 1, tokenId: 70 }],
          layers: [0],
          positions: [3],
          k: 1,
        }),
    ]
    for (const ask of unknown) await expect(ask()).rejects.toMatchObject({ failure: { kind: 'not-ready' } })
  })

  it('are refused where they are damaged', () => {
    const [first] = snapshot.measurements
    const cut = { ...first, distances: { ...first.distances, data: first.distances.data.slice(0, -4) } }
    const strange = [
      null,
      { ...snapshot, version: 2 },
      { ...snapshot, measurements: [cut] },
      { ...snapshot, neighbors: [] },
      { ...snapshot, readings: [{ ...snapshot.readings[0], tokenIds: [1] }] },
    ]
    for (const value of strange) expect(() => parseSnapshot(value)).toThrow('damaged')
  })
})

describe('the library', () => {
  const examples = [
    { slug: 'x', text: TEXT },
    { slug: 'y', text: 'another' },
  ]

  it('fetches an example once, when its text is asked about', async () => {
    const fetchSnapshot = vi.fn(async () => snapshot)
    const library = createSnapshotLibrary(examples, fetchSnapshot)
    expect(library.info()).toBeNull()
    await expect(library.tokenize('own words')).rejects.toMatchObject({ failure: { kind: 'not-ready' } })
    expect(fetchSnapshot).not.toHaveBeenCalled()
    await Promise.all([library.tokenize(TEXT), library.tokenize(TEXT)])
    expect(fetchSnapshot.mock.calls).toEqual([['x']])
    expect(library.info()?.id).toBe('m')
    await expect(library.measure({ inputIds, substitutions: [] })).resolves.toBeDefined()
    await expect(library.measure({ inputIds: [9], substitutions: [] })).rejects.toMatchObject({
      failure: { kind: 'not-ready' },
    })
  })

  it('waits for the model where a file does not come, and tries again later', async () => {
    const fetchSnapshot = vi.fn(async (): Promise<unknown> => {
      throw new TypeError('Failed to fetch')
    })
    const library = createSnapshotLibrary(examples, fetchSnapshot)
    await expect(library.tokenize('another')).rejects.toMatchObject({ failure: { kind: 'not-ready' } })
    await expect(library.tokenize('another')).rejects.toMatchObject({ failure: { kind: 'not-ready' } })
    expect(fetchSnapshot).toHaveBeenCalledTimes(2)
  })
})
