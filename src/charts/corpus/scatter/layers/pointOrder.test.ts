import { expect, it } from 'vitest'
import { orderByX } from './pointOrder'

it('sorts by x with ties by index and leaves out what has no place', () => {
  const x = Float32Array.from([3, -1, 0, -0.5, 3, Number.NaN, 1e-9, -1e9, Number.POSITIVE_INFINITY, 2])
  const y = Float32Array.from([1, 1, 1, 1, 1, 1, 1, 1, 1, Number.NaN])
  expect([...orderByX(x, y)]).toEqual([7, 1, 3, 2, 6, 0, 4])
})

it('agrees with a comparison sort on many values', () => {
  const x = Float32Array.from({ length: 5000 }, (_, i) => Math.sin(i * 12.9898) * 43758.5453)
  const expected = Array.from(x, (_, i) => i).sort((a, b) => x[a] - x[b] || a - b)
  expect([...orderByX(x, x)]).toEqual(expected)
})

it('has no order of nothing', () => {
  expect(orderByX(new Float32Array(0), new Float32Array(0))).toHaveLength(0)
})
