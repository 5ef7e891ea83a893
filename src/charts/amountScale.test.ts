import { lab } from 'd3-color'
import { expect, it } from 'vitest'
import {
  amountFraction,
  COLOR_STEPS,
  createAmountScale,
  inferTransform,
  NO_STEP,
  sampleColors,
} from './amountScale'

const colors = { low: '#ffffff', high: '#0b6e8f' }

it('gives the ends of the domain the ends of the scale', () => {
  const scale = createAmountScale([1, 2, 4], colors, { transform: 'linear' })
  expect(scale.domain).toEqual([0, 4])
  expect(scale.step(0)).toBe(0)
  expect(scale.step(4)).toBe(COLOR_STEPS - 1)
  expect(scale.step(9)).toBe(COLOR_STEPS - 1)
  expect(scale.step(-1)).toBe(0)
  expect(scale.colors.at(0)).toBe('rgb(255, 255, 255)')
  expect(scale.colors.at(-1)).toBe('rgb(11, 110, 143)')
})

it('darkens evenly in lightness', () => {
  const lightness = sampleColors(colors, 5).map((value) => lab(value).l)
  const drops = lightness.slice(1).map((value, i) => lightness[i] - value)
  for (const drop of drops) expect(drop).toBeCloseTo(drops[0], 0)
})

it('lifts small amounts by the square root when one dwarfs the rest', () => {
  expect(inferTransform([9, 1, 1, 1.2, 0.5])).toBe('sqrt')
  expect(inferTransform([9, 6, 7, 5, 8])).toBe('linear')
  expect(amountFraction(1, [0, 4], 'sqrt')).toBe(0.5)
  expect(amountFraction(1, [0, 4], 'linear')).toBe(0.25)
})

it.each([
  ['empty', []],
  ['zeros', [0, 0]],
  ['a constant', [3, 3]],
  ['NaN', [Number.NaN]],
])('survives %s', (_name, values) => {
  const scale = createAmountScale(values, colors)
  expect(scale.domain[0]).toBeLessThan(scale.domain[1])
  for (const value of [0, 1, 3]) expect(scale.step(value)).toBeGreaterThanOrEqual(0)
  expect(scale.step(Number.NaN)).toBe(NO_STEP)
})

it('falls back to a readable hue for a colour it cannot read', () => {
  for (const value of sampleColors({ low: 'var(--scale-low)', high: '' }, 3))
    expect(value).not.toContain('NaN')
})
