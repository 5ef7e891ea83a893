import { expect, it } from 'vitest'
import { binStart, geometryFigure, geometryTable } from './geometryFigure'
import { createTableGeometry, everyMeasure, type TableGeometry } from './tableGeometry'

const GEOMETRY: TableGeometry = {
  k: 2,
  leftOut: { special: false, unused: false },
  tokenIds: Uint32Array.of(0, 1, 3, 4),
  meanCosine: 0.25,
  occurrences: everyMeasure(() => Uint32Array.of(0, 1, 2, 5)),
  density: Float64Array.of(0.1, 0.2, 0.4, 0.3),
  nearest: Uint32Array.of(1, 0, 4, 3),
  agreement: [],
}
const COUNTS = { tokenIds: Uint32Array.of(1, 3, 4), counts: Uint32Array.of(1, 100, 10) }

it('sets density against commonness over the entries that occur', () => {
  const { byCommonness, density, distribution } = geometryFigure(GEOMETRY, COUNTS)
  expect(density).toMatchObject({ n: 4, median: 0.25 })
  expect(byCommonness?.spearman).toMatchObject({ coefficient: 1, n: 3 })
  expect(byCommonness?.bins.map(({ n }) => n)).toEqual([1, 0, 0, 0, 1, 0, 0, 0, 0, 1])
  expect(distribution.l2).toEqual([0.25, 0.25, 0.25, 0.25])
  expect([0, 1, 2, 3].map(binStart)).toEqual([0, 1, 2, 4])
  expect(geometryFigure(GEOMETRY, null).byCommonness).toBeNull()
})

it('writes a row an entry', () => {
  const { columns, rows } = geometryTable(GEOMETRY, (id) => `t${id}`, COUNTS)
  expect(Object.keys(rows[0])).toEqual(columns)
  expect(rows.map(({ count }) => count)).toEqual([0, 1, 100, 10])
  expect(rows[2]).toMatchObject({ token: 't3', nearest: 't4', density: 0.4, occurrences_dot: 2 })
  expect(geometryTable(GEOMETRY, (id) => `t${id}`, null).rows[0]).toMatchObject({
    count: null,
    commonness: null,
  })
})

it('counts what comes after a block of which all is left out', () => {
  const geometry = createTableGeometry(4, 1, { special: true, unused: true })
  const block = (tokenIds: number[], nearest: number[], unitSum: number[]) => ({
    tokenIds: Uint32Array.from(tokenIds),
    ids: everyMeasure(() => Uint32Array.from(nearest)),
    cosines: Float64Array.from(nearest, () => 0.5),
    unitSum: Float64Array.from(unitSum),
  })
  geometry.add(block([], [], []))
  // Two rows at an angle of 60 degrees.
  geometry.add(block([2, 3], [3, 2], [1.5, Math.sqrt(3) / 2]))
  expect(geometry.build().meanCosine).toBeCloseTo(0.5, 12)
})
