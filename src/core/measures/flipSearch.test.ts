import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import {
  type FlipProgress,
  type FlipSearchRequest,
  type FlipVerdict,
  labelVerdict,
  mostMeasured,
  searchFlip,
  tokenVerdict,
} from './flipSearch'
import { type Substitution, substitutionsKey } from './substitution'
import type { TokenPrediction } from './tokenPrediction'

/** Creates a model whose lead is that of the original less what each substitution takes, and what pairs of them give or take. */
function fakeModel(lead: number, takes: (changes: readonly Substitution[]) => number) {
  const calls: string[] = []
  return {
    calls,
    measure: async (changes: readonly (readonly Substitution[])[]): Promise<FlipVerdict[]> =>
      changes.map((change) => {
        calls.push(substitutionsKey(change))
        const left = lead - takes(change)
        return { flips: left < 0, lead: left }
      }),
  }
}

const candidatesOf = (positions: number, each: number) =>
  Array.from({ length: each }, (_, rank) =>
    Array.from({ length: positions }, (_, position) => ({ position, tokenId: 100 * position + rank })),
  ).flat()

const requestOf = (
  model: { readonly measure: FlipSearchRequest['measure'] },
  changes: Partial<FlipSearchRequest> = {},
): FlipSearchRequest => ({
  candidates: candidatesOf(4, 2),
  most: 3,
  beam: 1,
  atOnce: 3,
  known: new Map(),
  measure: model.measure,
  ...changes,
})

const sum = (weights: Readonly<Record<number, number>>) => (changes: readonly Substitution[]) =>
  changes.reduce((total, { tokenId }) => total + (weights[tokenId] ?? 0), 0)

/** Returns the size of the smallest change that flips, over all combinations; null if none within `most`. */
function smallestOf(
  candidates: readonly Substitution[],
  most: number,
  flips: (changes: readonly Substitution[]) => boolean,
): number | null {
  let states: Substitution[][] = [[]]
  for (let size = 1; size <= most; size++) {
    states = states.flatMap((state) =>
      candidates
        .filter(({ position }) => state.every((one) => one.position < position))
        .map((candidate) => [...state, candidate]),
    )
    if (states.some(flips)) return size
  }
  return null
}

describe('the search for a flip', () => {
  it('finds a single substitution without looking at two', async () => {
    const model = fakeModel(1, sum({ 201: 3 }))
    const { found, proven, measured } = await searchFlip(requestOf(model))
    expect(found?.changes).toEqual([{ position: 2, tokenId: 201 }])
    expect(proven).toBe(true)
    expect(model.calls).toHaveLength(measured)
    expect(model.calls.every((key) => !key.includes(','))).toBe(true)
  })

  it('goes on from the closest, one substitution a position', async () => {
    const model = fakeModel(5, sum({ 100: 2, 101: 2.5, 200: 2, 300: 1.5 }))
    const { found, proven } = await searchFlip(requestOf(model))
    expect(substitutionsKey(found?.changes ?? [])).toBe('1:101,2:200,3:300')
    expect(proven).toBe(false)
  })

  it('says none, with the closest that it met, and that this is no proof', async () => {
    const model = fakeModel(9, sum({ 0: 1, 100: 1, 200: 1 }))
    const { found, proven, closest } = await searchFlip(requestOf(model))
    expect(found).toBeNull()
    expect(proven).toBe(false)
    expect(closest?.verdict.lead).toBe(6)
  })

  it('finds with a beam what greed passes by', async () => {
    // Alone 0 is the best, but only 100 and 200 together flip.
    const takes = (changes: readonly Substitution[]) => {
      const ids = new Set(changes.map(({ tokenId }) => tokenId))
      return (
        (ids.has(0) ? 2 : 0) +
        (ids.has(100) ? 1 : 0) +
        (ids.has(200) ? 1 : 0) +
        (ids.has(100) && ids.has(200) ? 5 : 0)
      )
    }
    const greedy = await searchFlip(requestOf(fakeModel(5, takes), { candidates: candidatesOf(4, 1) }))
    const beam = await searchFlip(requestOf(fakeModel(5, takes), { candidates: candidatesOf(4, 1), beam: 3 }))
    expect(greedy.found?.changes).toHaveLength(3)
    expect(substitutionsKey(beam.found?.changes ?? [])).toBe('1:100,2:200')
    expect(beam.proven).toBe(true)
  })

  it('measures nothing twice, stops at once, and goes on where it stopped', async () => {
    const known = new Map<string, FlipVerdict>()
    const stop = new AbortController()
    const model = fakeModel(9, sum({}))
    let answered = 0
    const measure: FlipSearchRequest['measure'] = async (changes) => {
      if (++answered === 2) stop.abort(new Error('stopped'))
      return model.measure(changes)
    }
    await expect(searchFlip(requestOf({ measure }, { known, signal: stop.signal }))).rejects.toThrow(
      'stopped',
    )
    expect(model.calls).toHaveLength(6)
    // The answer that came after the end is not taken.
    expect(known.size).toBe(3)
    const progress: FlipProgress[] = []
    const { measured } = await searchFlip(
      requestOf(model, { known, most: 1, onProgress: (one) => progress.push(one) }),
    )
    expect(progress[0]).toMatchObject({ size: 1, done: 3, total: 8, measured: 0 })
    expect(progress.at(-1)).toMatchObject({ done: 8, measured: 5 })
    expect(measured).toBe(5)
    expect(known.size).toBe(8)
  })

  it('is the smallest of all combinations where the beam leaves nothing out, and never dearer than was said', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.record({
          seed: fc.nat(),
          positions: fc.integer({ min: 1, max: 5 }),
          each: fc.integer({ min: 1, max: 2 }),
          most: fc.integer({ min: 1, max: 4 }),
          lead: fc.integer({ min: 1, max: 24 }),
          beam: fc.constantFrom(1, 2, 4, 1000),
        }),
        async ({ seed, positions, each, most, lead, beam }) => {
          // Any function of the set of substitutions, with interactions.
          const takes = (changes: readonly Substitution[]) => {
            let hash = seed | 1
            for (const { position, tokenId } of [...changes].sort((a, b) => a.position - b.position)) {
              hash = Math.imul(hash ^ (31 * position + tokenId), 0x01000193)
            }
            return ((hash >>> 8) % 10) + changes.length
          }
          const candidates = candidatesOf(positions, each)
          const model = fakeModel(lead, takes)
          const result = await searchFlip(requestOf(model, { candidates, most, beam }))
          const smallest = smallestOf(candidates, most, (changes) => lead - takes(changes) < 0)
          expect(new Set(model.calls).size).toBe(model.calls.length)
          const bound = mostMeasured(new Array<number>(positions).fill(each), { most, beam })
          expect(model.calls.length).toBeLessThanOrEqual(bound)
          if (result.found) {
            expect(lead - takes(result.found.changes)).toBeLessThan(0)
            expect(result.found.changes.length).toBeLessThanOrEqual(most)
            expect(smallest).not.toBeNull()
          }
          if (beam === 1000) expect(result.proven).toBe(true)
          if (result.proven) expect(result.found?.changes.length ?? null).toBe(smallest)
        },
      ),
      { numRuns: 400 },
    )
  })
})

describe('the cost of a search', () => {
  it('is every candidate alone, then every one on top of each state', () => {
    expect(mostMeasured([2, 2, 2], { most: 1, beam: 4 })).toBe(6)
    expect(mostMeasured([2, 2, 2], { most: 3, beam: 1 })).toBe(6 + 4 + 2)
    expect(mostMeasured([2, 2, 2], { most: 9, beam: 2 })).toBe(6 + 2 * 4 + 3 * 2)
    expect(mostMeasured([], { most: 3, beam: 2 })).toBe(0)
  })
})

describe('a verdict', () => {
  it('on labels that exclude each other is the lead over the strongest rival', () => {
    expect(labelVerdict({ before: [0, 2, 1], after: [0, 2.5, 1] }, 'softmax')).toEqual({
      flips: false,
      lead: 1.5,
    })
    expect(labelVerdict({ before: [0, 2, 1], after: [3, 2, 1] }, 'softmax')).toEqual({
      flips: true,
      lead: -1,
    })
  })

  it('on independent labels is also how far the first is from one half', () => {
    expect(labelVerdict({ before: [3, -2], after: [0.5, -2] }, 'sigmoid')).toEqual({
      flips: false,
      lead: 0.5,
    })
    expect(labelVerdict({ before: [3, -2], after: [-0.5, -2] }, 'sigmoid')).toEqual({
      flips: true,
      lead: -0.5,
    })
    expect(labelVerdict({ before: [-3, -5], after: [-1, -5] }, 'sigmoid')).toEqual({ flips: false, lead: 1 })
  })

  it('on a token is its lead in nats over the one that is first or second', () => {
    const token = (tokenId: number, after: number) => ({
      tokenId,
      token: `t${tokenId}`,
      before: { probability: 0.5, rank: 1 },
      after: { probability: after, rank: 1 },
    })
    const prediction = (after: TokenPrediction['after'], flips: boolean): TokenPrediction => ({
      position: 1,
      before: [token(7, after.find(({ tokenId }) => tokenId === 7)?.after.probability ?? 0.1)],
      after,
      also: [],
      entropy: { before: 1, after: 1 },
      divergence: 1,
      flips,
    })
    expect(tokenVerdict(prediction([token(7, 0.4), token(8, 0.2)], false)).lead).toBeCloseTo(Math.log(2))
    expect(tokenVerdict(prediction([token(9, 0.4), token(8, 0.3)], true)).lead).toBeCloseTo(-Math.log(4))
  })
})
