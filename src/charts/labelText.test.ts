import { expect, it } from 'vitest'
import { estimateTextWidth, subscriptParts, truncateText } from './labelText'

it('leaves what fits', () => {
  expect(truncateText('is → are', 12, 100)).toBe('is → are')
})

it('cuts what does not fit to the width and says so', () => {
  const text = truncateText('wonderful → extraordinarily', 12, 100)
  expect(text).toMatch(/^wonderful.*…$/u)
  expect(estimateTextWidth(text, 12)).toBeLessThanOrEqual(100)
})

it('never splits a code point, and always leaves a mark', () => {
  expect(truncateText('😀😀😀😀', 12, 40)).toBe('😀😀…')
  expect(truncateText('anything', 12, 0)).toBe('…')
})

it('finds indices', () => {
  expect(subscriptParts('D_l, l2')).toEqual([
    { text: 'D', low: false },
    { text: 'l', low: true },
    { text: ', l2', low: false },
  ])
  expect(subscriptParts('h_l(x)').map(({ text }) => text)).toEqual(['h', 'l', '(x)'])
  expect(subscriptParts('no index')).toEqual([{ text: 'no index', low: false }])
  expect(subscriptParts('')).toEqual([])
})
