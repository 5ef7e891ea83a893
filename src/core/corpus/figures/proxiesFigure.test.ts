import { describe, expect, it } from 'vitest'
import fixture from '../../../../fixtures/proxies.json'
import { RESAMPLES } from '../../statistics/bootstrap'
import { createRecordBuilder, type RecordRow } from '../records/recordBuilder'
import { distanceColumn, NO_LABEL, ownColumn, pairColumn } from '../records/records'
import { runOf } from '../runFixture'
import { PERTURBATIONS, PLACES } from '../runSettings'
import { proxiesFigure } from './proxiesFigure'

const { records, series: expected, overlap, seed } = fixture
const DRAWS = { seed, resamples: RESAMPLES }

const distancesOf = (values: readonly number[], name: (layer: number) => string): RecordRow =>
  Object.fromEntries(values.map((value, layer) => [name(layer), value]))

/** Rows of the fixture, as nearest substitutions at the least impactful positions. */
const rows = records.sequence.map(
  (sequence, i): RecordRow => ({
    sequence,
    perturbation: PERTURBATIONS.indexOf('nearest'),
    place: PLACES.indexOf('least-impactful'),
    probability_before: records.before[i],
    probability_after: records.after[i],
    divergence: records.divergence[i],
    ...distancesOf(records.distances[i], distanceColumn),
    ...distancesOf(records.own[i], ownColumn),
  }),
)

const figureOf = (perturbations: readonly RecordRow[], pairs: readonly RecordRow[] = [], draws = DRAWS) =>
  proxiesFigure(runOf({ perturbations, pairs }).tables, draws)

describe('how well a layer tells the effect', () => {
  const figure = figureOf(rows)

  it('is as scipy and numpy give it, with the same resamples', () => {
    const [kind, ...others] = figure?.kinds ?? []
    expect(others).toEqual([])
    expect(kind).toMatchObject({ perturbation: 'nearest', place: 'least-impactful', tokens: 1 })
    expect(kind.series.map(({ measure, effect }) => `${measure} ${effect}`).sort()).toEqual(
      Object.keys(expected).sort(),
    )
    for (const { measure, effect, n, texts, layers } of kind.series) {
      const of = expected[`${measure} ${effect}` as keyof typeof expected]
      expect([n, texts]).toEqual([rows.length, new Set(records.sequence).size])
      expect(layers.map(({ layer }) => layer)).toEqual([...of.keys()])
      for (const [i, { spearman, low, high, kendall, gainLow, gainHigh }] of layers.entries()) {
        const what = `${measure} ${effect}, layer ${i}`
        expect(spearman, what).toBeCloseTo(of[i].spearman, 10)
        expect(kendall, what).toBeCloseTo(of[i].kendall, 10)
        expect(low, what).toBeCloseTo(of[i].interval[0], 10)
        expect(high, what).toBeCloseTo(of[i].interval[1], 10)
        expect(gainLow, what).toBeCloseTo(of[i].gain[0], 10)
        expect(gainHigh, what).toBeCloseTo(of[i].gain[1], 10)
      }
    }
  })

  it('compares the tokens of each text as numpy does', () => {
    const found = figure?.overlaps.find(({ effect }) => effect === 'change')
    expect(found?.chance).toBeCloseTo(overlap.chance, 10)
    for (const [i, { share, low, high }] of (found?.layers ?? []).entries()) {
      expect(share).toBeCloseTo(overlap.share[i], 10)
      expect(low).toBeCloseTo(overlap.interval[i][0], 10)
      expect(high).toBeCloseTo(overlap.interval[i][1], 10)
    }
    expect(found?.layers).toHaveLength(3)
  })

  it('has no intervals while a run goes on, and the same values', () => {
    const quick = figureOf(rows, [], { seed, resamples: 0 })
    const [a, b] = [quick, figure].map((of) => of?.kinds[0].series[0].layers[1])
    expect(a?.spearman).toBe(b?.spearman)
    expect([a?.low, a?.gainHigh]).toEqual([Number.NaN, Number.NaN])
  })

  it('is of the last layer alone for a model without a head', () => {
    const bare = rows.map((row) => ({
      ...row,
      label_before: NO_LABEL,
      probability_before: Number.NaN,
      probability_after: Number.NaN,
      divergence: Number.NaN,
    }))
    const kinds = figureOf(bare)?.kinds ?? []
    expect(kinds[0].series.map(({ measure, effect }) => [measure, effect])).toEqual([
      ['whole', 'last-distance'],
      ['own', 'last-distance'],
    ])
    // Of runs that an earlier version wrote, the own positions are not known.
    const former = rows.map((row) => ({
      ...row,
      ...distancesOf(
        [0, 1, 2].map(() => Number.NaN),
        ownColumn,
      ),
    }))
    expect(figureOf(former)?.kinds[0].series.map(({ measure }) => measure)).toEqual([
      'whole',
      'whole',
      'whole',
    ])
  })

  it('sets the kinds of change apart, pairs among them', () => {
    const other = rows.map((row) => ({
      ...row,
      perturbation: PERTURBATIONS.indexOf('delete'),
      place: PLACES.indexOf('random'),
    }))
    const pairs = rows.map((row, i) => ({
      sequence: row.sequence,
      place: PLACES.indexOf('least-impactful'),
      probability_before: row.probability_before,
      probability_both: row.probability_after,
      divergence_both: row.divergence,
      ...distancesOf(records.distances[i], (layer) => pairColumn('both', layer)),
    }))
    const kinds = figureOf([...rows, ...other], pairs)?.kinds ?? []
    expect(kinds.map(({ perturbation, place, tokens }) => [perturbation, place, tokens])).toEqual([
      ['nearest', 'least-impactful', 1],
      ['delete', 'random', 1],
      ['nearest', 'least-impactful', 2],
    ])
    const [one, , both] = kinds.map(({ series }) => series[0].layers.map(({ spearman }) => spearman))
    expect(both).toEqual(one)
  })

  it('draws whole texts of a large run, and says of how many', () => {
    const many = Array.from({ length: 12_000 }, (_, i) => ({
      ...rows[i % rows.length],
      sequence: Math.floor(i / 6),
    }))
    const [{ n, texts }] = figureOf(many, [], { seed, resamples: 0 })?.kinds[0].series ?? []
    expect(n).toBeLessThanOrEqual(5000)
    expect(n).toBe(6 * texts)
  })

  it('is none without records, and of too few texts', () => {
    expect(proxiesFigure(createRecordBuilder(2).build(), DRAWS)).toBeNull()
    expect(figureOf(rows.filter(({ sequence }) => sequence < 2))).toBeNull()
  })
})
