import { expect, it } from 'vitest'
import { homeView } from '../scatterView'
import { createPointGrid, type Place } from './pointGrid'

const float = (...values: number[]) => Float32Array.from(values)
const gridOf = (x: Float32Array, y: Float32Array) => createPointGrid(x, y, homeView(x, y))

const noise = (i: number, seed: number) => {
  const value = Math.sin(i * 12.9898 + seed) * 43758.5453
  return value - Math.floor(value)
}
const many = {
  x: Float32Array.from({ length: 3000 }, (_, i) => noise(i, 1)),
  y: Float32Array.from({ length: 3000 }, (_, i) => 50 * noise(i, 2)),
}

it('finds the nearest point as a search through all of them does', () => {
  const grid = gridOf(many.x, many.y)
  for (let q = 0; q < 200; q++) {
    const place: Place = [noise(q, 3), 50 * noise(q, 4)]
    const radii = [0.02, 1] as const
    let best = -1
    let least = 1
    many.x.forEach((x, i) => {
      const d = ((x - place[0]) / radii[0]) ** 2 + ((many.y[i] - place[1]) / radii[1]) ** 2
      if (d < least) {
        least = d
        best = i
      }
    })
    expect(grid.nearest(place, radii)).toBe(best)
  }
})

it('finds none beyond the radius, in nothing, and never one without a place', () => {
  expect(gridOf(float(1, 2), float(1, 2)).nearest([1.5, 1.5], [0.1, 0.1])).toBe(-1)
  expect(gridOf(float(), float()).nearest([0.5, 0.5], [9, 9])).toBe(-1)
  expect(gridOf(float(Number.NaN, 2), float(1, 2)).nearest([2, 1.9], [1, 1])).toBe(1)
})

it('takes the first of points at the same place, also where all are', () => {
  expect(gridOf(float(3, 3, 3), float(7, 7, 7)).nearest([3, 7], [1, 1])).toBe(0)
  expect(gridOf(float(3), float(7)).nearest([3, 7], [1, 1])).toBe(0)
})

it('selects what an even-odd polygon holds', () => {
  const star: Place[] = Array.from({ length: 5 }, (_, k) => {
    const angle = (k * 4 * Math.PI) / 5
    return [0.5 + 0.4 * Math.sin(angle), 25 + 20 * Math.cos(angle)]
  })
  const expected: number[] = []
  many.x.forEach((x, i) => {
    const y = many.y[i]
    let inside = false
    star.forEach(([x1, y1], k) => {
      const [x2, y2] = star[(k + 1) % star.length]
      if (y1 > y !== y2 > y && x < ((x2 - x1) * (y - y1)) / (y2 - y1) + x1) inside = !inside
    })
    if (inside) expected.push(i)
  })
  expect(expected.length).toBeGreaterThan(100)
  expect([...gridOf(many.x, many.y).inside(star)]).toEqual(expected)
})

it('selects nothing with a line or a dot', () => {
  const grid = gridOf(many.x, many.y)
  expect(grid.inside([])).toHaveLength(0)
  expect(
    grid.inside([
      [0, 0],
      [1, 50],
    ]),
  ).toHaveLength(0)
  expect(
    grid.inside([
      [0, 1],
      [1, 1],
      [0.5, 1],
    ]),
  ).toHaveLength(0)
})
