import { describe, expect, it } from 'vitest'
import type { RecordRow } from '../records/recordBuilder'
import { NONE } from '../records/records'
import { countsOf, runOf } from '../runFixture'
import { createCommonness } from './commonness'
import { commonnessFigure } from './commonnessFigure'
import type { CommonnessFigure } from './figures'

describe('commonness', () => {
  it('is log(1 + f), scaled over the tokens that occur', () => {
    const commonness = createCommonness(countsOf({ 3: 1, 7: 7, 20: 1023 }))
    expect(commonness(3)).toBe(0)
    expect(commonness(7)).toBeCloseTo((3 - 1) / (10 - 1), 12)
    expect(commonness(20)).toBe(1)
    for (const absent of [0, 4, 21, NONE]) expect(commonness(absent)).toBeNaN()
  })

  it('has no scale where all occur equally often', () => {
    expect(createCommonness(countsOf({ 1: 4, 2: 4 }))(2)).toBe(0)
    expect(createCommonness(countsOf({}))(0)).toBeNaN()
  })
})

const RARE = Array.from({ length: 120 }, (_, i) => 100 + i)
const COUNTS = countsOf({ 1: 1000, 2: 900, ...Object.fromEntries(RARE.map((id) => [id, 1])) })
const SEQUENCES = 80

/** Occurrences in which every sequence holds both common tokens twice; the rare ones are in one or two of them. */
const OCCURRENCES: readonly RecordRow[] = [
  ...Array.from({ length: SEQUENCES }, (_, sequence) =>
    [1, 2, 1, 2].map((token_id, position) => ({
      sequence,
      position,
      token_id,
      shift_l2: token_id + sequence / 100,
    })),
  ).flat(),
  ...RARE.flatMap((token_id, i) => [
    { sequence: i % 60, position: 10 + i, token_id, shift_l2: 5 + i / 100 },
    { sequence: (i * 7) % 60, position: 200 + i, token_id, shift_l2: 7 + i / 100 },
  ]),
]

const figureOf = (occurrences: readonly RecordRow[], seed: number) =>
  commonnessFigure(runOf({ occurrences }).tables, COUNTS, 'l2', seed)

/** Finds the sequences of the points by their shifts, which are all different. */
function sequencesOf({ points }: CommonnessFigure): number[] {
  const byShift = new Map(
    OCCURRENCES.map((row) => [`${row.token_id}:${Math.fround(row.shift_l2)}`, row.sequence]),
  )
  return Array.from(points.shift, (shift, i) => byShift.get(`${points.tokenIds[i]}:${shift}`) ?? Number.NaN)
}

describe('the commonness figure', () => {
  const figure = figureOf(OCCURRENCES, 7)
  if (!figure) throw new Error('no figure')

  it('takes one sequence a token and up to 50 distinct sequences a bin', () => {
    expect(figure.bins.map(({ n }) => n)).toEqual([50, 0, 0, 0, 0, 0, 0, 0, 0, 2])
    const rare = Array.from(figure.points.tokenIds).filter((id) => id >= 100)
    expect(new Set(rare).size).toBe(50)
    const sequences = sequencesOf(figure)
    expect(sequences.every(Number.isInteger)).toBe(true)
    expect(new Set(sequences.slice(0, 50)).size).toBe(50)
    expect(sequences[50]).not.toBe(sequences[51])
  })

  it('draws by the seed alone, in whatever order the records come', () => {
    expect(figureOf(OCCURRENCES.toReversed(), 7)).toEqual(figure)
    expect(figureOf(OCCURRENCES, 8)?.points).not.toEqual(figure.points)
  })

  it('draws without preference', () => {
    const first = Array.from({ length: 400 }, (_, seed) =>
      figureOf(OCCURRENCES.slice(0, 4 * SEQUENCES), seed),
    )
    const low = first.filter((drawn) => drawn && sequencesOf(drawn)[0] < SEQUENCES / 2).length
    expect(low).toBeGreaterThan(150)
    expect(low).toBeLessThan(250)
  })

  it('states mean and interval of each bin, and the line through all points', () => {
    const [rare, empty] = figure.bins
    const shifts = Array.from(figure.points.shift).slice(0, 50)
    expect(rare.mean).toBeCloseTo(shifts.reduce((a, b) => a + b) / 50, 9)
    expect([rare.from, rare.to, empty.to]).toEqual([0, 0.1, 0.2])
    expect(rare.low).toBeLessThan(rare.mean)
    expect(empty.mean).toBeNaN()
    expect(figure.regression.n).toBe(52)
    expect(figure.regression.slope).toBeLessThan(0)
    expect(figure.regression.band[40].x).toBe(1)
  })

  it('is none where nothing is known of sequences', () => {
    expect(figureOf([], 7)).toBeNull()
    expect(figureOf([{ sequence: NONE, token_id: 1 }], 7)).toBeNull()
  })
})
