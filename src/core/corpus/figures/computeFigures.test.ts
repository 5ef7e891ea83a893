import { describe, expect, it } from 'vitest'
import type { RecordRow } from '../records/recordBuilder'
import { emptyTables } from '../records/recordBuilder'
import { NONE } from '../records/records'
import { countsOf, fullRun, LAYERS, runOf } from '../runFixture'
import { PERTURBATIONS, PLACES } from '../runSettings'
import { computeFigures } from './computeFigures'
import type { Figures } from './figures'
import { scatterPoints } from './scatterPoints'

const NEAREST = PERTURBATIONS.indexOf('nearest')
const DELETE = PERTURBATIONS.indexOf('delete')
const LEAST = PLACES.indexOf('least-impactful')
const RANDOM = PLACES.indexOf('random')
const distances = (d0: number, d1: number, d2: number): RecordRow => ({
  distance_0: d0,
  distance_1: d1,
  distance_2: d2,
})

const perturbations: readonly RecordRow[] = [
  {
    place: LEAST,
    rank: 1,
    ...distances(1, 2, 3),
    shift_l2: 1,
    probability_before: 0.9,
    probability_after: 0.8,
  },
  {
    place: LEAST,
    rank: 2,
    ...distances(3, 4, 5),
    shift_l2: 3,
    probability_before: 0.9,
    probability_after: 0.6,
  },
  {
    place: LEAST,
    rank: 1,
    ...distances(3, 2, 1),
    shift_l2: 2,
    probability_before: 0.6,
    probability_after: 0.625,
  },
  {
    place: RANDOM,
    ...distances(9, 9, 9),
    shift_l2: 4,
    token_id: 7,
    label_after: 1,
    probability_before: 0.75,
    probability_after: 0.25,
  },
  {
    place: RANDOM,
    perturbation: DELETE,
    ...distances(1, 1, 1),
    substitute_id: NONE,
    probability_before: 0.5,
  },
  {
    place: RANDOM,
    perturbation: DELETE,
    ...distances(3, 1, 1),
    substitute_id: NONE,
    probability_before: 0.5,
  },
]

const figuresOf = (rows: Parameters<typeof runOf>[0]): Figures => computeFigures(runOf(rows), { norm: 'l2' })

describe('the figures of a run', () => {
  it('have D_l by rank and over all ranks', () => {
    const { propagation } = figuresOf({ perturbations })
    expect(propagation?.ranks.map(({ rank }) => rank)).toEqual([1, 2])
    const [first, second] = propagation?.ranks ?? []
    expect(first.layers.map(({ layer, n, mean, variance }) => [layer, n, mean, variance])).toEqual([
      [0, 2, 2, 2],
      [1, 2, 2, 0],
      [2, 2, 2, 2],
    ])
    // t(0.975, 1) = 12.7062
    expect(first.layers[0].high).toBeCloseTo(2 + 12.706_204_736_174_694, 9)
    expect(second.layers[2]).toMatchObject({ n: 1, mean: 5, low: Number.NaN, variance: Number.NaN })
    expect(propagation?.all[0]).toMatchObject({ n: 3, mean: 7 / 3 })
  })

  it('have the share of positions that read as their token', () => {
    const readings = [1, 3, 2, 10].map((rank_2, i) => ({ rank_0: 1, rank_1: i === 0 ? 5 : 1, rank_2 }))
    const layers = figuresOf({ readings }).identifiability?.layers ?? []
    expect(layers.map(({ n, rate, medianRank }) => [n, rate, medianRank])).toEqual([
      [4, 1, 1],
      [4, 0.75, 1],
      [4, 0.25, 2.5],
    ])
    // scipy.stats.binomtest(1, 4).proportion_ci(method='wilson')
    expect(layers[2].low).toBeCloseTo(0.045_586, 5)
    expect(layers[2].high).toBeCloseTo(0.699_358, 5)
  })

  it('set the change of prediction against shift and D_L, at both places', () => {
    const { effect } = figuresOf({ perturbations })
    expect(effect?.n).toBe(4)
    expect(effect?.flips).toBe(0.25)
    expect(effect?.points.rows).toEqual(Uint32Array.of(0, 1, 2, 3))
    expect(effect?.points.tokenIds).toEqual(Uint32Array.of(0, 0, 0, 7))
    expect(effect?.points.flipped).toEqual(Uint8Array.of(0, 0, 0, 1))
    expect(effect?.points.lastDistance).toEqual(Float32Array.of(3, 5, 1, 9))
    expect(effect?.points.change[3]).toBe(0.5)
    expect(effect?.againstShift.spearman.coefficient).toBeCloseTo(0.8, 12)
    expect(effect?.againstLastDistance.spearman.coefficient).toBeCloseTo(1, 12)
  })

  it('leave out the effect of models without a head', () => {
    const headless = perturbations.map((row) => ({
      ...row,
      label_before: 255,
      label_after: 255,
      probability_before: Number.NaN,
      probability_after: Number.NaN,
    }))
    const figures = figuresOf({ perturbations: headless })
    expect(figures.effect).toBeNull()
    expect(figures.perturbations?.kinds[0]).toMatchObject({ n: 1, flips: Number.NaN, meanChange: Number.NaN })
  })

  it('take the change of a score in its own units, and no share of flips', () => {
    const run = runOf({
      perturbations: perturbations.map((row, i) => ({
        ...row,
        label_before: 0,
        label_after: 0,
        probability_before: 3,
        probability_after: 3 - 2 * i,
      })),
    })
    const scored = { ...run, header: { ...run.header, labels: ['stars'], prediction: 'score' as const } }
    const figures = computeFigures(scored, { norm: 'l2' })
    expect(figures.effect?.n).toBe(4)
    expect(figures.effect?.flips).toBeNaN()
    expect(figures.effect?.points.change).toEqual(Float32Array.of(0, 2, 4, 6))
    expect(figures.effect?.points.flipped).toEqual(new Uint8Array(4))
    expect(figures.perturbations?.kinds[0].flips).toBeNaN()
    expect(figures.perturbations?.kinds[0].meanChange).toBe(6)
  })

  it('leave out the effect where a run of an earlier version has no scores', () => {
    const run = runOf({
      perturbations: perturbations.map((row) => ({
        ...row,
        label_before: 255,
        label_after: 255,
        probability_before: Number.NaN,
        probability_after: Number.NaN,
      })),
    })
    const scored = { ...run, header: { ...run.header, prediction: 'score' as const } }
    expect(computeFigures(scored, { norm: 'l2' }).effect).toBeNull()
  })

  it('set two substitutions against the sum of each', () => {
    const pairs: Readonly<Record<string, number>>[] = [
      { place: 1, first_1: 1, second_1: 1, both_1: 3, first_2: 2, second_2: 1, both_2: 3 },
      { place: 1, first_1: 2, second_1: 2, both_1: 2, first_2: 1, second_2: 3, both_2: 5 },
      {
        ...{ place: 0, first_2: 1, second_2: 1, both_2: 1 },
        ...{
          probability_before: 0.5,
          probability_first: 0.6,
          probability_second: 0.4,
          probability_both: 0.75,
        },
      },
    ]
    const figure = figuresOf({ pairs }).pairs
    // At layer 0 nothing moves: no ratio.
    const [drawn, ranked] = figure?.kinds ?? []
    expect([drawn.place, ranked.place]).toEqual(['random', 'least-impactful'])
    expect(drawn.layers[0]).toMatchObject({ n: 0, ratio: Number.NaN, superAdditiveShare: Number.NaN })
    expect(drawn.layers[1]).toMatchObject({ n: 2, ratio: 1, superAdditiveShare: 0.5 })
    expect(drawn.layers[2]).toMatchObject({ ratio: 1.125, superAdditiveShare: 0.5 })
    expect(ranked.layers[2]).toMatchObject({ n: 1, ratio: 0.5 })
    // One moves up by as much as the other moves down: the sum is none, both together are a quarter.
    expect(ranked.effect?.n).toBe(1)
    expect(ranked.effect?.both).toBeCloseTo(0.25, 6)
    expect(ranked.effect?.sum).toBeCloseTo(0, 6)
    expect(figure?.points).toEqual({ sum: Float32Array.of(3, 4), both: Float32Array.of(3, 5) })
  })

  it('set the other perturbations beside the nearest, at random positions', () => {
    const kinds = figuresOf({ perturbations }).perturbations?.kinds ?? []
    expect(kinds.map(({ perturbation, n }) => [perturbation, n])).toEqual([
      ['nearest', 1],
      ['delete', 2],
    ])
    expect(kinds[0]).toMatchObject({ meanShift: 4, flips: 1, meanChange: 0.5 })
    expect(kinds[1].layers[0]).toMatchObject({ n: 2, mean: 2, variance: 2 })
    expect(kinds[1]).toMatchObject({ flips: 0, meanChange: 0.5 })
    expect(NEAREST).toBe(0)
  })

  it('are null where a run has no such records', () => {
    const run = { ...runOf({}), tables: emptyTables(LAYERS) }
    expect(Object.values(computeFigures(run, { norm: 'l1' }))).toEqual(Array(10).fill(null))
  })

  it('stand in from the run’s own file only where records do not allow them', () => {
    const shipped = computeFigures(fullRun(), { norm: 'l2' })
    const occurrences = [{ sequence: NONE, token_id: 1, shift_l2: 1 }]
    const figures = computeFigures(runOf({ occurrences, perturbations }), { norm: 'l2', shipped })
    expect(figures.frequency).toBe(shipped.frequency)
    expect(figures.commonness).toBe(shipped.commonness)
    expect(figures.propagation?.all[0].n).toBe(3)
  })
})

describe('scatter points', () => {
  const counts = countsOf({ 4: 1, 9: 3 })
  const occurrences = [
    { sequence: NONE, token_id: 9, shift_linf: 1 },
    { sequence: NONE, token_id: 4, shift_linf: 5 },
    { sequence: NONE, token_id: 9, shift_linf: Number.NaN },
    { sequence: NONE, token_id: 2, shift_linf: 1 },
    { sequence: NONE, token_id: 9, shift_linf: 2 },
  ]
  const { tables } = runOf({ occurrences })

  it('are the occurrences, with or without their sequences', () => {
    expect(scatterPoints(tables, counts, { of: 'occurrences', norm: 'linf' })).toEqual({
      of: 'occurrences',
      norm: 'linf',
      tokenIds: Uint32Array.of(9, 4, 9),
      commonness: Float32Array.of(1, 0, 1),
      shift: Float32Array.of(1, 5, 2),
      counts: Uint32Array.of(1, 1, 1),
      rows: Uint32Array.of(0, 1, 4),
    })
  })

  it('or the token types', () => {
    expect(scatterPoints(tables, counts, { of: 'types', norm: 'linf' })).toEqual({
      of: 'types',
      norm: 'linf',
      tokenIds: Uint32Array.of(9, 4),
      commonness: Float32Array.of(1, 0),
      shift: Float32Array.of(1.5, 5),
      counts: Uint32Array.of(2, 1),
      rows: Uint32Array.of(0, 1),
    })
  })
})
