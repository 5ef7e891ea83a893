import { expect, it } from 'vitest'
import type { FrequencyFigure } from '../../core/corpus/figures/figures'
import { frequencyGeometry } from './frequencyGeometry'

const wide = { width: 1200, height: 240 }
const phone = { width: 320, height: 240 }
const nameOf = (id: number) => `token${id}`

function tokensOf(...counts: (readonly [number, number, number])[]): FrequencyFigure['tokens'] {
  return counts.map(([l2, l1, linf], tokenId) => ({ tokenId, counts: { l1, l2, linf }, corpusShare: 0.01 }))
}

const tail = tokensOf([1010, 1008, 1012], [160, 158, 155], [40, 40, 41], [3, 0, 1], [0, 44, 0])

it('lets small counts show beside large ones, and zero not at all', () => {
  const { groups, plot } = frequencyGeometry(tail, nameOf, wide)
  const [l2, l1, linf] = groups[3].bars
  expect([l2.norm, l1.norm, linf.norm]).toEqual(['l2', 'l1', 'linf'])
  expect(l2.height).toBeGreaterThan(linf.height)
  expect(linf.height).toBeGreaterThanOrEqual(2)
  expect(l1.height).toBe(0)
  for (const { y, height } of groups.flatMap(({ bars }) => bars)) {
    expect(y + height).toBeCloseTo(plot.bottom)
    expect(y).toBeGreaterThanOrEqual(plot.top - 1e-9)
  }
})

it('keeps bars apart and inside their groups', () => {
  for (const size of [wide, phone]) {
    const { groups } = frequencyGeometry(tail, nameOf, size)
    for (const { x, width, bars } of groups) {
      expect(bars[0].x).toBeGreaterThanOrEqual(x)
      expect(bars[2].x + bars[2].width).toBeLessThanOrEqual(x + width)
      expect(bars[1].x).toBeGreaterThan(bars[0].x + bars[0].width)
    }
  }
})

it('scrolls on a phone rather than make groups too small to touch', () => {
  const many = tokensOf(...Array.from({ length: 20 }, (_, i) => [400 - i, 400 - i, 400 - i] as const))
  const { groups, scrolls, groupAt } = frequencyGeometry(many, nameOf, phone)
  expect(scrolls).toBe(true)
  expect(groups.every(({ width }) => width >= 44)).toBe(true)
  groups.forEach(({ x, width }, i) => {
    expect(groupAt(x + width / 2)).toBe(i)
  })
  expect(groupAt(0)).toBe(-1)
  expect(groupAt(99_999)).toBe(-1)
})

it('has ticks from zero to the largest count, none too close', () => {
  const { yTicks } = frequencyGeometry(tail, nameOf, wide)
  expect(yTicks[0].value).toBe(0)
  expect(yTicks.at(-1)?.value).toBe(1000)
  for (let i = 1; i < yTicks.length; i++) {
    expect(yTicks[i - 1].position - yTicks[i].position).toBeGreaterThanOrEqual(26)
  }
})

it.each([
  ['no tokens', []],
  ['one', tokensOf([1, 1, 1])],
  ['zeros', tokensOf([0, 0, 0], [0, 0, 0])],
  ['a constant', tokensOf([5, 5, 5], [5, 5, 5])],
  ['NaN', tokensOf([Number.NaN, 1, Number.NaN])],
])('survives %s', (_name, tokens) => {
  for (const size of [wide, phone, { width: 0, height: 0 }]) {
    const { groupAt: _g, ...drawn } = frequencyGeometry(tokens, nameOf, size)
    expect(JSON.stringify(drawn)).not.toMatch(/null/)
  }
})
