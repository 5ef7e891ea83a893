import { expect, it } from 'vitest'
import { dodge } from './dodge'

it('leaves places alone that do not collide', () => {
  expect(dodge([10, 50, 30], 14, [0, 100])).toEqual([10, 50, 30])
})

it('spreads a crowd about its middle and keeps its order', () => {
  expect(dodge([50, 51, 49], 10, [0, 100])).toEqual([50, 60, 40])
  expect(dodge([20, 20, 20], 10, [0, 100])).toEqual([10, 20, 30])
})

it('stays inside its ends', () => {
  expect(dodge([98, 99, 100], 10, [0, 100])).toEqual([80, 90, 100])
  expect(dodge([-5, 0], 10, [0, 100])).toEqual([0, 10])
})

it('shrinks the gap where the room is too short', () => {
  const places = dodge([5, 5, 5, 5, 5], 10, [0, 20])
  expect(places).toEqual([0, 5, 10, 15, 20])
})

it('keeps the gap for any crowd that fits', () => {
  const wishes = Array.from({ length: 9 }, (_, i) => (i * 37) % 60)
  const places = dodge(wishes, 12, [0, 120])
  const sorted = [...places].sort((a, b) => a - b)
  for (let i = 1; i < sorted.length; i++) expect(sorted[i] - sorted[i - 1]).toBeGreaterThanOrEqual(12 - 1e-9)
  expect(sorted[0]).toBeGreaterThanOrEqual(0)
  expect(sorted[8]).toBeLessThanOrEqual(120)
})

it('has nothing to do without wishes', () => {
  expect(dodge([], 10, [0, 1])).toEqual([])
  expect(dodge([5], 10, [0, 1])).toEqual([1])
})
