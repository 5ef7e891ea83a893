import { expect, it } from 'vitest'
import { fromAxis, rootTicks, toAxis } from './axisScale'

it('goes to the axis and back', () => {
  const values = Float32Array.from([0, 0.25, 4])
  expect([...toAxis(values, 'sqrt')]).toEqual([0, 0.5, 2])
  expect(toAxis(values, 'linear')).toBe(values)
  for (const scale of ['linear', 'sqrt'] as const) {
    expect(fromAxis(toAxis(values, scale)[1], scale)).toBeCloseTo(0.25)
  }
  expect(toAxis(Float32Array.from([-1]), 'sqrt')[0]).toBeNaN()
  expect(fromAxis(-0.1, 'sqrt')).toBe(0)
})

it('names round numbers, and even steps where one is close up', () => {
  expect(rootTicks(0, 1, 5, () => [])).toEqual([0, 0.001, 0.002, 0.005, 0.01, 0.02, 0.05, 0.1, 0.2, 0.5, 1])
  expect(rootTicks(0.3, 0.4, 5, () => [0.3, 0.35, 0.4])).toEqual([0.3, 0.35, 0.4])
})
