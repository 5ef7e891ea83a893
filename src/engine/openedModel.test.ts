import { fileURLToPath } from 'node:url'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { failureOf } from '../core/failure'
import { layerwiseDistances } from '../core/measures/measurement'
import { NO_FILTERS } from '../core/measures/neighbor'
import { inputIdsOf } from '../core/text/token'
import { createNodeRuntime } from './forward/nodeRuntime'
import { type OpenedModel, openModel } from './openedModel'
import { readModelFiles } from './sources/nodeFolder'

const folder = (name: string) => fileURLToPath(new URL(`../../fixtures/${name}`, import.meta.url))

describe('openModel', () => {
  let model: OpenedModel
  let inputIds: number[]

  beforeAll(async () => {
    model = await openModel(createNodeRuntime(1), await readModelFiles(folder('tiny-bert')))
    inputIds = inputIdsOf(model.tokenize('the film was good , but the end was bad .'))
  })
  afterAll(() => model.release())

  it('measures nothing where nothing changed', async () => {
    const measurement = await model.measure({ inputIds, substitutions: [] })
    expect(layerwiseDistances(measurement).map(({ distance }) => distance)).toEqual([0, 0, 0, 0])
    expect(measurement.shift).toEqual({ l1: 0, l2: 0, linf: 0 })
    expect(measurement.logits?.after).toEqual(measurement.logits?.before)
  })

  it('moves only the substituted row of h_0', async () => {
    const { distances, positions } = await model.measure({
      inputIds,
      substitutions: [{ position: 2, tokenId: 7 }],
    })
    const moved = Array.from(distances.subarray(0, positions)).flatMap((d, position) =>
      d > 0 ? [position] : [],
    )
    expect(moved).toEqual([2])
  })

  it('gives the same numbers whatever was measured before', async () => {
    const request = { inputIds, substitutions: [{ position: 3, tokenId: 9 }] }
    const first = await model.measure(request)
    for (let tokenId = 20; tokenId < 60; tokenId++) {
      await model.measure({ inputIds, substitutions: [{ position: 1, tokenId }] })
    }
    expect((await model.measure(request)).distances).toEqual(first.distances)
  })

  it('finds k neighbours under every filter, exact over what is left', async () => {
    const positions = [1, 2, 3]
    const all = await model.neighbors({ inputIds, positions, k: 50, filters: NO_FILTERS })
    const filters = { special: true, unused: true, otherKind: true, variants: true }
    const filtered = await model.neighbors({ inputIds, positions, k: 50, filters })
    for (const [i, row] of filtered.entries()) {
      expect(row).toHaveLength(50)
      expect(row.every(({ token }) => !token.startsWith('[') && !token.startsWith('##'))).toBe(true)
      expect(row.some(({ tokenId }) => tokenId === inputIds[positions[i]])).toBe(false)
      const cosines = row.map(({ cosine }) => cosine)
      expect(cosines).toEqual([...cosines].sort((a, b) => b - a))
      const expected = all[i].filter(({ tokenId }) => row.some((kept) => kept.tokenId === tokenId))
      expect(row.slice(0, expected.length).map(({ tokenId }) => tokenId)).toEqual(
        expected.map(({ tokenId }) => tokenId),
      )
    }
  })

  it('reports a typed token behind the nearest', async () => {
    const [row] = await model.neighbors({ inputIds, positions: [2], k: 3, filters: NO_FILTERS, also: [11] })
    const measured = await model.measure({ inputIds, substitutions: [{ position: 2, tokenId: 11 }] })
    expect(row).toHaveLength(4)
    expect(row[3].tokenId).toBe(11)
    expect(row[3].shift.l2).toBeCloseTo(measured.shift.l2, 5)
  })

  it.each<[string, (open: OpenedModel, ids: number[]) => Promise<unknown>]>([
    ['an id outside the vocabulary', (open) => open.measure({ inputIds: [2, 99_999], substitutions: [] })],
    ['a fractional id', (open) => open.measure({ inputIds: [2, 1.5], substitutions: [] })],
    ['no token', (open) => open.measure({ inputIds: [], substitutions: [] })],
    ['too many tokens', (open) => open.measure({ inputIds: new Array(65).fill(5), substitutions: [] })],
    [
      'a position outside the sequence',
      (open, inputIds) => open.measure({ inputIds, substitutions: [{ position: 99, tokenId: 5 }] }),
    ],
    [
      'one position twice',
      (open, inputIds) =>
        open.measure({
          inputIds,
          substitutions: [
            { position: 1, tokenId: 5 },
            { position: 1, tokenId: 6 },
          ],
        }),
    ],
    ['k of 0', (open, inputIds) => open.neighbors({ inputIds, positions: [1], k: 0, filters: NO_FILTERS })],
    [
      'a layer that is not there',
      (open, inputIds) =>
        open.closestTokens({ inputIds, substitutions: [], layers: [4], positions: [1], k: 1 }),
    ],
  ])('refuses %s and goes on', async (_, ask) => {
    const failure = failureOf(await ask(model, inputIds).catch((error: unknown) => error))
    expect(failure.kind).toBe('invalid-request')
    expect((await model.measure({ inputIds, substitutions: [] })).positions).toBe(inputIds.length)
  })
})
