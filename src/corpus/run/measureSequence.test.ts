import { describe, expect, it } from 'vitest'
import { NONE, type RecordTable, type RecordTables } from '../../core/corpus/records/records'
import { PERTURBATIONS, PLACES, type RunSettings } from '../../core/corpus/runSettings'
import { NORMS } from '../../core/measures/norm'
import type { PredictionKind } from '../../core/measures/prediction'
import {
  createFakeEngine,
  type FakeEngine,
  FRAMING_IDS,
  INFO,
  LAYERS,
  SETTINGS,
  SPECIAL_IDS,
  VOCABULARY,
} from '../fakeEngineFixture'
import { measureSequence, PAGE_LIMITS } from './measureSequence'
import { createSubstituteCache } from './substituteCache'

const [CLS, SEP, UNK, MASK] = [1, 2, 3, 4]
const SPECIALS = new Set(SPECIAL_IDS)

function rowsOf({ rows, columns }: RecordTable): Record<string, number>[] {
  return Array.from({ length: rows }, (_, row) =>
    Object.fromEntries(Object.entries(columns).map(([name, values]) => [name, values[row]])),
  )
}

async function measured(
  inputIds: readonly number[],
  {
    settings = {},
    engine = createFakeEngine(),
    limits = PAGE_LIMITS,
    maskId = MASK,
    labels = INFO.labels,
    prediction = 'softmax',
  }: {
    settings?: Partial<RunSettings>
    engine?: FakeEngine
    limits?: typeof PAGE_LIMITS
    maskId?: number | null
    labels?: readonly string[]
    prediction?: PredictionKind
  } = {},
): Promise<RecordTables> {
  const all = { ...SETTINGS, ...settings }
  return measureSequence(
    {
      engine,
      settings: all,
      layers: LAYERS,
      labels,
      prediction,
      limits,
      cache: createSubstituteCache(engine, all),
      framingIds: new Set(FRAMING_IDS),
      ordinaryIds: [...VOCABULARY.keys()].filter((id) => !SPECIALS.has(id)),
      maskId,
    },
    { sequence: 3, row: 11, inputIds, truncated: true },
  )
}

const IDS = [CLS, 10, 11, 11, UNK, 12, 13, 14, 15, 16, 17, SEP]
const CANDIDATES = [1, 2, 3, 4, 5, 6, 7, 8, 9, 10]

const ofKind = (tables: RecordTables, kind: (typeof PERTURBATIONS)[number]) =>
  rowsOf(tables.perturbations).filter(
    ({ perturbation, place }) =>
      perturbation === PERTURBATIONS.indexOf(kind) && place === PLACES.indexOf('random'),
  )

describe('measureSequence', () => {
  it('gives every candidate its substitute and shift', async () => {
    const engine = createFakeEngine()
    const tables = await measured(IDS, { engine })
    const occurrences = rowsOf(tables.occurrences)
    expect(occurrences.map(({ position }) => position)).toEqual(CANDIDATES)
    const shifts = await engine.shifts(
      IDS,
      IDS.map((id) => (FRAMING_IDS.includes(id) ? id : id + 1)),
    )
    for (const row of occurrences) {
      expect(row).toMatchObject({
        sequence: 3,
        token_id: IDS[row.position],
        substitute_id: IDS[row.position] + 1,
      })
      for (const [i, norm] of NORMS.entries()) expect(row[`shift_${norm}`]).toBe(shifts[3 * row.position + i])
    }
    expect(rowsOf(tables.sequences)).toMatchObject([{ sequence: 3, row: 11, tokens: 12, truncated: 1 }])
    expect(tables.readings.rows).toBe(CANDIDATES.length)
  })

  it.each(NORMS)('ranks the least impactful by %s', async (norm) => {
    const tables = await measured(IDS, { settings: { norm, randomPositions: 0 } })
    const expected = rowsOf(tables.occurrences)
      .sort((a, b) => a[`shift_${norm}`] - b[`shift_${norm}`])
      .slice(0, 5)
    expect(rowsOf(tables.perturbations)).toMatchObject(
      expected.map(({ position, substitute_id }, i) => ({
        position,
        substitute_id,
        rank: i + 1,
        perturbation: 0,
      })),
    )
  })

  it('breaks ties by position', async () => {
    const engine = createFakeEngine({ shifts: async (ids) => new Float32Array(3 * ids.length).fill(0.5) })
    const tables = await measured(IDS, { engine, settings: { randomPositions: 0 } })
    expect(rowsOf(tables.perturbations).map(({ position }) => position)).toEqual([1, 2, 3, 4, 5])
  })

  it('draws random positions from the other candidates and applies every perturbation there', async () => {
    const tables = await measured(IDS, { settings: { randomPositions: 5 } })
    const rows = rowsOf(tables.perturbations)
    const least = rows.filter(({ rank }) => rank > 0).map(({ position }) => position)
    const random = [...new Set(rows.filter(({ rank }) => rank === 0).map(({ position }) => position))]
    expect(new Set([...least, ...random])).toEqual(new Set(CANDIDATES))
    expect(random).toEqual(random.toSorted((a, b) => a - b))
    for (const row of rows) expect(row.token_id).toBe(IDS[row.position])
    expect(ofKind(tables, 'nearest').map((row) => row.substitute_id - row.token_id)).toEqual([1, 1, 1, 1, 1])
    expect(ofKind(tables, 'neighbor').map((row) => row.substitute_id - row.token_id)).toEqual([3, 3, 3, 3, 3])
    expect(ofKind(tables, 'mask').map((row) => row.substitute_id)).toEqual([MASK, MASK, MASK, MASK, MASK])
    expect(ofKind(tables, 'delete').map((row) => row.substitute_id)).toEqual([NONE, NONE, NONE, NONE, NONE])
    for (const { substitute_id, token_id } of ofKind(tables, 'random')) {
      expect(SPECIALS.has(substitute_id)).toBe(false)
      expect(substitute_id).not.toBe(token_id)
    }
  })

  it('swaps only with a different token that is a candidate too', async () => {
    const tables = await measured(IDS, { settings: { leastImpactful: 0, randomPositions: 20 } })
    // Not 2 (the same token follows) and not 10 ([SEP] follows).
    expect(ofKind(tables, 'swap').map(({ position, substitute_id }) => [position, substitute_id])).toEqual([
      [1, 11],
      [3, UNK],
      [4, 12],
      [5, 13],
      [6, 14],
      [7, 15],
      [8, 16],
      [9, 17],
    ])
    expect(ofKind(tables, 'delete')).toHaveLength(CANDIDATES.length)
  })

  it('leaves out what the tokenizer has no token for', async () => {
    const tables = await measured(IDS, { maskId: null })
    expect(ofKind(tables, 'mask')).toEqual([])
    expect(ofKind(tables, 'delete')).toHaveLength(2)
  })

  it('sends the sequences that the rows say', async () => {
    const sent: string[] = []
    const engine = createFakeEngine()
    const { measureVariants } = engine
    engine.measureVariants = (ids, variants) => {
      sent.push(...variants.map((v) => (v.removed === undefined ? v.inputIds.join() : `-${v.removed}`)))
      return measureVariants(ids, variants)
    }
    const tables = await measured(IDS, { engine, settings: { pairs: 3 } })
    const changed = rowsOf(tables.perturbations).map(({ perturbation, position, substitute_id }) => {
      if (PERTURBATIONS[perturbation] === 'delete') return `-${position}`
      const ids = IDS.with(position, substitute_id)
      return (PERTURBATIONS[perturbation] === 'swap' ? ids.with(position + 1, IDS[position]) : ids).join()
    })
    const pairs = rowsOf(tables.pairs).flatMap(({ first_position: a, second_position: b }) => {
      expect(a).toBeLessThan(b)
      return [
        IDS.with(a, IDS[a] + 1),
        IDS.with(b, IDS[b] + 1),
        IDS.with(a, IDS[a] + 1).with(b, IDS[b] + 1),
      ].map((ids) => ids.join())
    })
    expect(tables.pairs.rows).toBe(3)
    expect(new Set(sent)).toEqual(new Set([...changed, ...pairs]))
    // Each once, although pairs and perturbations meet.
    expect(sent).toHaveLength(new Set(sent).size)
  })

  it('puts the measures of each variant into its own rows', async () => {
    // D_l names the variant: the sum of its ids, or minus the removed position.
    const name = (v: { inputIds?: readonly number[]; removed?: number }) =>
      v.removed === undefined ? (v.inputIds ?? []).reduce((sum, id, i) => sum + id * (i + 1), 0) : -v.removed
    const engine = createFakeEngine()
    const { measureVariants } = engine
    engine.measureVariants = async (ids, variants) => ({
      ...(await measureVariants(ids, variants)),
      distances: Float32Array.from(variants.flatMap((v) => [0, 1, 2].map((layer) => 10 * name(v) + layer))),
    })
    const tables = await measured(IDS, {
      engine,
      limits: { maxTokensPerCall: 30, maxReadingsPerCall: 2, maxPatchedTokensPerCall: 30 },
    })
    for (const row of rowsOf(tables.perturbations)) {
      const kind = PERTURBATIONS[row.perturbation]
      const ids = kind === 'delete' ? IDS : IDS.with(row.position, row.substitute_id)
      const variant =
        kind === 'delete'
          ? { removed: row.position }
          : { inputIds: kind === 'swap' ? ids.with(row.position + 1, IDS[row.position]) : ids }
      expect([row.distance_0, row.distance_1, row.distance_2]).toEqual(
        [0, 1, 2].map((layer) => 10 * name(variant) + layer),
      )
    }
    for (const { first_position: a, second_position: b, first_1, second_1, both_1 } of rowsOf(tables.pairs)) {
      const one = IDS.with(a, IDS[a] + 1)
      expect(first_1).toBe(10 * name({ inputIds: one }) + 1)
      expect(second_1).toBe(10 * name({ inputIds: IDS.with(b, IDS[b] + 1) }) + 1)
      expect(both_1).toBe(10 * name({ inputIds: one.with(b, IDS[b] + 1) }) + 1)
    }
  })

  it('measures pairs of the least impactful by rank, and of each pair what it does to the prediction', async () => {
    const settings = { leastImpactfulPairs: 3, pairs: 1 }
    const tables = await measured(IDS, { settings })
    const alone = new Map(
      rowsOf(tables.perturbations)
        .filter(({ rank }) => rank > 0)
        .map((row) => [row.rank, row]),
    )
    const pairs = rowsOf(tables.pairs)
    expect(pairs.map(({ place }) => PLACES[place])).toEqual([
      'least-impactful',
      'least-impactful',
      'least-impactful',
      'random',
    ])
    const byRank = [
      [1, 2],
      [1, 3],
      [2, 3],
    ].map((ranks) => ranks.map((rank) => alone.get(rank)))
    for (const [i, [first, second]] of byRank.entries()) {
      const pair = pairs[i]
      expect([pair.first_position, pair.second_position]).toEqual([first?.position, second?.position])
      expect([pair.first_2, pair.second_2]).toEqual([first?.distance_2, second?.distance_2])
      expect(pair.label_before).toBe(first?.label_before)
      expect([pair.probability_before, pair.probability_first, pair.probability_second]).toEqual([
        first?.probability_before,
        first?.probability_after,
        second?.probability_after,
      ])
      expect([pair.label_first, pair.label_second]).toEqual([first?.label_after, second?.label_after])
      expect([pair.divergence_first, pair.divergence_second]).toEqual([first?.divergence, second?.divergence])
      expect(pair.probability_both).not.toBe(pair.probability_first)
    }
    const bare = await measured(IDS, {
      settings,
      engine: createFakeEngine({
        measureVariants: async (ids, variants) => ({
          ...(await createFakeEngine().measureVariants(ids, variants)),
          logitsBefore: null,
          logitsAfter: null,
        }),
      }),
      labels: [],
    })
    for (const { label_before, label_both, probability_both, divergence_both } of rowsOf(bare.pairs)) {
      expect([label_before, label_both]).toEqual([255, 255])
      expect([probability_both, divergence_both]).toEqual([Number.NaN, Number.NaN])
    }
  })

  it('takes no more pairs of the least impactful than there are', async () => {
    const tables = await measured(IDS, { settings: { leastImpactful: 2, leastImpactfulPairs: 10, pairs: 0 } })
    expect(rowsOf(tables.pairs)).toHaveLength(1)
    const none = await measured(IDS, { settings: { leastImpactful: 0, leastImpactfulPairs: 10, pairs: 0 } })
    expect(none.pairs.rows).toBe(0)
  })

  it('keeps every call within its limits, and sends one variant where none fits', async () => {
    const ids = [CLS, ...Array.from({ length: 18 }, (_, i) => 20 + i), SEP]
    for (const maxTokensPerCall of [8, 40, 65]) {
      const engine = createFakeEngine()
      await measured(ids, {
        engine,
        limits: { maxTokensPerCall, maxReadingsPerCall: 7, maxPatchedTokensPerCall: 30 },
        settings: { pairs: 10 },
      })
      const variants = engine.calls.filter(({ method, size }) => method === 'measureVariants' && size > 0)
      for (const { tokens, size } of variants) expect(size === 1 || tokens <= maxTokensPerCall).toBe(true)
      const largest = Math.max(...variants.map(({ size }) => size))
      expect(largest).toBe(Math.max(1, Math.floor(maxTokensPerCall / 20)))
      const readings = engine.calls.filter(({ method }) => method === 'ranks').map(({ size }) => size)
      expect(readings).toEqual([7, 7, 4])
    }
    const engine = createFakeEngine()
    await measured([CLS, ...Array.from({ length: 90 }, (_, i) => 5 + i), SEP], { engine })
    expect(engine.calls.filter(({ method }) => method === 'substitutes').map(({ size }) => size)).toEqual([
      64, 26, 2,
    ])
  })

  it('encodes the original with its first variants, in calls of equal size, and alone where no variant fits', async () => {
    const callsWith = async (maxTokensPerCall: number) => {
      const together: (boolean | undefined)[] = []
      const engine = createFakeEngine()
      const { measureVariants } = engine
      engine.measureVariants = (ids, variants, options) => {
        together.push(options?.together)
        return measureVariants(ids, variants, options)
      }
      const limits = { ...PAGE_LIMITS, maxTokensPerCall }
      const tables = await measured(IDS, { engine, limits, settings: { randomPositions: 0, pairs: 0 } })
      const sizes = engine.calls.filter(({ method }) => method === 'measureVariants').map(({ size }) => size)
      return { tables, sizes, together }
    }
    const one = await callsWith(6 * IDS.length)
    expect(one).toMatchObject({ sizes: [5], together: [true] })
    const two = await callsWith(6 * IDS.length - 1)
    expect(two).toMatchObject({ sizes: [2, 3], together: [true, false] })
    const alone = await callsWith(2 * IDS.length - 1)
    expect(alone).toMatchObject({
      sizes: [0, 1, 1, 1, 1, 1],
      together: [false, false, false, false, false, false],
    })
    // The fake's numbers depend on the call; what is measured does not.
    const measuredBy = ({ tables }: typeof one) =>
      rowsOf(tables.perturbations).map(({ position, substitute_id }) => [position, substitute_id])
    for (const more of [two, alone]) expect(measuredBy(more)).toEqual(measuredBy(one))
  })

  it.each([
    ['nothing', []],
    ['framing tokens only', [CLS, SEP]],
  ])('gives a sequence of %s its row and no other', async (_, ids) => {
    const tables = await measured(ids)
    expect(Object.values(tables).map(({ rows }) => rows)).toEqual([1, 0, 0, 0, 0])
    expect(tables.sequences.columns.tokens[0]).toBe(ids.length)
  })

  it('takes unknown tokens as the tokens they are, and masks no mask', async () => {
    const tables = await measured([CLS, UNK, MASK, UNK, SEP], {
      settings: { leastImpactful: 0, randomPositions: 20 },
    })
    expect(tables.occurrences.rows).toBe(3)
    expect(ofKind(tables, 'mask').map(({ position }) => position)).toEqual([1, 3])
  })

  it('measures a sequence of one candidate, which makes no pair', async () => {
    const tables = await measured([CLS, 10, SEP])
    expect(tables.occurrences.rows).toBe(1)
    expect(rowsOf(tables.perturbations)).toMatchObject([{ position: 1, rank: 1, place: 0 }])
    expect(tables.pairs.rows).toBe(0)
  })

  it('keeps an occurrence whose substitutes were all filtered, and measures others', async () => {
    const engine = createFakeEngine()
    const { substitutes } = engine
    engine.substitutes = async (request) => {
      const found = await substitutes(request)
      for (const [i, id] of request.tokenIds.entries()) {
        if (id === 12) found.ids.fill(NONE, i * request.k, (i + 1) * request.k)
      }
      return found
    }
    const tables = await measured(IDS, {
      engine,
      settings: { leastImpactful: 20, randomPositions: 20, pairs: 10 },
    })
    const occurrence = rowsOf(tables.occurrences).find(({ token_id }) => token_id === 12)
    expect(occurrence).toMatchObject({ substitute_id: NONE, shift_l2: Number.NaN, cosine: Number.NaN })
    const kinds = rowsOf(tables.perturbations)
      .filter(({ token_id }) => token_id === 12)
      .map(({ perturbation }) => PERTURBATIONS[perturbation])
    expect(kinds).toEqual(['random', 'mask', 'delete', 'swap'])
    expect([...tables.pairs.columns.first_token_id, ...tables.pairs.columns.second_token_id]).not.toContain(
      12,
    )
  })

  it('says of a model without a head that it predicts nothing', async () => {
    const engine = createFakeEngine()
    const { measureVariants } = engine
    engine.measureVariants = async (ids, variants) => ({
      ...(await measureVariants(ids, variants)),
      logitsBefore: null,
      logitsAfter: null,
    })
    const tables = await measured(IDS, { engine, labels: [] })
    expect(rowsOf(tables.sequences)).toMatchObject([{ label: 255, probability: Number.NaN }])
    expect(new Set(tables.perturbations.columns.label_after)).toEqual(new Set([255]))
    expect(tables.perturbations.columns.divergence.every(Number.isNaN)).toBe(true)
  })

  it('compares the prediction before with that after', async () => {
    const engine = createFakeEngine()
    const { measureVariants } = engine
    engine.measureVariants = async (ids, variants) => ({
      ...(await measureVariants(ids, variants)),
      logitsBefore: Float32Array.of(0, Math.log(3)),
      logitsAfter: Float32Array.from(variants.flatMap(() => [Math.log(3), 0])),
    })
    const tables = await measured(IDS, { engine })
    const [row] = rowsOf(tables.perturbations)
    expect(row).toMatchObject({ label_before: 1, label_after: 0 })
    expect(row.probability_before).toBeCloseTo(0.75, 6)
    expect(row.probability_after).toBeCloseTo(0.25, 6)
    expect(row.divergence).toBeCloseTo(0.75 * Math.log(3) + 0.25 * Math.log(1 / 3), 6)
  })

  it('keeps scores as they are, with their label and without a divergence', async () => {
    const engine = createFakeEngine()
    const { measureVariants } = engine
    engine.measureVariants = async (ids, variants) => ({
      ...(await measureVariants(ids, variants)),
      logitsBefore: Float32Array.of(4.5),
      logitsAfter: Float32Array.from(variants.map(() => -2.25)),
    })
    const tables = await measured(IDS, { engine, labels: ['stars'], prediction: 'score' })
    expect(rowsOf(tables.sequences)).toMatchObject([{ label: 0, probability: 4.5 }])
    expect(rowsOf(tables.perturbations)[0]).toMatchObject({
      label_before: 0,
      label_after: 0,
      probability_before: 4.5,
      probability_after: -2.25,
      divergence: Number.NaN,
    })
  })

  it('reads as many positions as asked, the same ones each time', async () => {
    const positions = async (readings: number | 'all') =>
      Array.from((await measured(IDS, { settings: { readings } })).readings.columns.position)
    expect(await positions(4)).toHaveLength(4)
    expect(await positions(4)).toEqual(await positions(4))
    expect(await positions(0)).toEqual([])
    expect(await positions(99)).toEqual(CANDIDATES)
  })
})
