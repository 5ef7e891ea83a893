import { describe, expect, it } from 'vitest'
import { type Box, placeNextTo, type Side, scrollFor } from './tourPlacement'

const SIZE = { width: 360, height: 220 }

const apart = (a: Box, b: Box) =>
  a.left + a.width <= b.left ||
  b.left + b.width <= a.left ||
  a.top + a.height <= b.top ||
  b.top + b.height <= a.top

const SIDES: readonly (readonly Side[])[] = [
  ['right', 'above', 'below'],
  ['left', 'below', 'above'],
  ['below', 'above'],
  ['above', 'left'],
  ['right'],
]

describe('the words of the tour', () => {
  it('never stand on what they explain, and never beyond the page’s sides', () => {
    for (const pageWidth of [360, 390, 768, 1280]) {
      const size = { ...SIZE, width: Math.min(SIZE.width, pageWidth - 24) }
      for (const sides of SIDES) {
        for (const left of [0, 12, pageWidth / 3, pageWidth - 100]) {
          for (const top of [0, 10, 400, 3000]) {
            for (const [width, height] of [
              [80, 30],
              [pageWidth, 300],
              [pageWidth / 2, 1200],
            ]) {
              const target = { left, top, width, height }
              const words = placeNextTo(target, size, pageWidth, sides)
              expect(apart(words, target), JSON.stringify({ pageWidth, sides, target, words })).toBe(true)
              expect(words.left).toBeGreaterThanOrEqual(0)
              expect(words.left + words.width).toBeLessThanOrEqual(pageWidth)
              expect(words.top).toBeGreaterThanOrEqual(0)
            }
          }
        }
      }
    }
  })

  it('take the first side with room', () => {
    const target = { left: 20, top: 300, width: 400, height: 500 }
    expect(placeNextTo(target, SIZE, 1280, ['right', 'below']).side).toBe('right')
    expect(placeNextTo(target, SIZE, 390, ['right', 'above', 'below']).side).toBe('above')
    expect(placeNextTo({ ...target, top: 100 }, SIZE, 390, ['right', 'above', 'below']).side).toBe('below')
  })
})

describe('the scroll of the tour', () => {
  const words = { left: 0, top: 900, width: 300, height: 200 }
  it('moves nothing where both are in sight', () => {
    const target = { left: 0, top: 500, width: 300, height: 300 }
    expect(scrollFor(target, words, { top: 400, height: 800 })).toBe(400)
  })

  it('moves as little as brings both into sight', () => {
    const target = { left: 0, top: 500, width: 300, height: 300 }
    const down = scrollFor(target, words, { top: 0, height: 800 })
    expect(down + 800).toBeGreaterThanOrEqual(1100)
    expect(down).toBeLessThanOrEqual(500)
    const up = scrollFor(target, words, { top: 2000, height: 800 })
    expect(up).toBeLessThanOrEqual(500)
    expect(up + 800).toBeGreaterThanOrEqual(1100)
  })

  it('shows all of the words where not both fit', () => {
    const target = { left: 0, top: 100, width: 300, height: 780 }
    const top = scrollFor(target, words, { top: 0, height: 700 })
    expect(top).toBeLessThanOrEqual(900)
    expect(top + 700).toBeGreaterThanOrEqual(1100)
  })
})
