import { expect, it } from 'vitest'
import {
  formatDecimals,
  formatNumber,
  formatPercent,
  formatSigned,
  formatSignedDecimals,
  formatTicks,
} from './formatNumber'

it.each([
  [9.1642, '9.16'],
  [10.1, '10.1'],
  [0.54612, '0.546'],
  [0.0015, '0.00150'],
  [999.6, '1000'],
  [12345.6, '12,346'],
  [1.2e-5, '1.20e-5'],
  [1.234e-5, '1.23e-5'],
  [-4.531, '−4.53'],
  [0, '0'],
  [-0, '0'],
  [Number.NaN, '–'],
  [Number.POSITIVE_INFINITY, '∞'],
  [Number.NEGATIVE_INFINITY, '−∞'],
])('writes %s as %s', (value, text) => {
  expect(formatNumber(value)).toBe(text)
})

it('signs both sides of zero and never zero itself', () => {
  expect([0.1234, -0.1234, 0, -0, Number.NaN].map(formatSigned)).toEqual(['+0.123', '−0.123', '0', '0', '–'])
})

it('keeps decimals aligned, without a false or a negative zero', () => {
  expect(formatDecimals(10.1, 2)).toBe('10.10')
  expect(formatSignedDecimals(0.00152, 4)).toBe('+0.0015')
  expect(formatSignedDecimals(-0.0005, 4)).toBe('−0.0005')
  expect(formatSignedDecimals(-1.24e-5, 4)).toBe('−1.24e-5')
  expect(formatSignedDecimals(-0, 4)).toBe('0.0000')
  expect(formatSignedDecimals(0, 4)).toBe('0.0000')
})

it('writes shares of one as percentages', () => {
  expect(formatPercent(0.9857)).toBe('98.6%')
  expect(formatPercent(1, 0)).toBe('100%')
  expect(formatPercent(0, 0)).toBe('0%')
  expect(formatPercent(0.004, 0)).toBe('0.4%')
  expect(formatPercent(0.9964, 0)).toBe('99.6%')
  expect(formatPercent(0.994, 0)).toBe('99%')
  expect(formatPercent(1e-9, 0)).toBe('1.00e-7%')
  expect(formatPercent(Number.NaN)).toBe('–')
})

it('gives the ticks of one axis the same decimals', () => {
  expect(formatTicks([0, 5, 10, 15])).toEqual(['0', '5', '10', '15'])
  expect(formatTicks([0, 0.25, 0.5])).toEqual(['0', '0.25', '0.50'])
  expect(formatTicks([0, 0.5, 1])).toEqual(['0', '0.5', '1.0'])
  expect(formatTicks([0, 1e-5, 2e-5])).toEqual(['0', '1e-5', '2e-5'])
  expect(formatTicks([])).toEqual([])
})
