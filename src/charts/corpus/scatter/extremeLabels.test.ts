import { expect, it } from 'vitest'
import { estimateTextWidth } from '../../labelText'
import type { Box } from '../../line/curveLabels'
import { EXTREME_SIZE, extremePoints, type LabelWish, placeLabels } from './extremeLabels'

const float = (...values: number[]) => Float32Array.from(values)
const ids = (...values: number[]) => Uint32Array.from(values)
const { NaN: nan } = Number
const both = (each: number) => ({ highest: each, lowest: each })

it('takes the outermost of each type, highest and lowest in turn', () => {
  const y = float(1, 9, 8, 7, 0.5, 0.1, 3)
  const types = ids(1, 2, 2, 3, 1, 1, 4)
  const points = extremePoints(y, y, types, both(2))
  expect(points).toEqual([1, 5, 3, 6])
})

it('keeps the further of two of a type, in whichever order they come', () => {
  const x = float(0, 0, 0)
  expect(extremePoints(x, float(5, 7, 6), ids(1, 1, 2), both(2))).toEqual([1, 2])
  expect(extremePoints(x, float(7, 5, 6), ids(1, 1, 2), both(2))).toEqual([0, 2])
})

it('names one end alone where only that is asked for', () => {
  const y = float(1, 2, 3, 4)
  expect(extremePoints(y, y, ids(1, 2, 3, 4), { highest: 2, lowest: 0 })).toEqual([3, 2])
})

it('takes none without a place', () => {
  const y = float(nan, Number.POSITIVE_INFINITY, 4)
  expect(extremePoints(float(0, 0, nan), y, ids(1, 2, 3), both(3))).toEqual([])
  expect(extremePoints(float(), float(), ids(), both(3))).toEqual([])
})

it('names one point once and a constant by its first points', () => {
  expect(extremePoints(float(1), float(1), ids(7), both(3))).toEqual([0])
  expect(extremePoints(float(1, 1, 1), float(2, 2, 2), ids(1, 1, 1), both(2))).toEqual([0])
})

const plot: Box = { left: 40, top: 10, right: 340, bottom: 210 }
const boxOf = ({ text, labelX, labelY }: { text: string; labelX: number; labelY: number }): Box => ({
  left: labelX,
  top: labelY - 8,
  right: labelX + estimateTextWidth(text, EXTREME_SIZE),
  bottom: labelY + 8,
})
const apart = (a: Box, b: Box) =>
  a.left >= b.right || b.left >= a.right || a.top >= b.bottom || b.top >= a.bottom

it('places labels inside the plot, off one another and off what is taken', () => {
  const wishes: LabelWish[] = Array.from({ length: 12 }, (_, id) => ({
    id,
    text: `token${id}`,
    x: 250 + (id % 4) * 26,
    y: 14 + Math.floor(id / 4) * 20,
  }))
  const taken: Box = { left: 200, top: 10, right: 296, bottom: 30 }
  const placed = placeLabels(wishes, plot, [taken])
  expect(placed.length).toBeGreaterThan(2)
  expect(placed.length).toBeLessThan(12)
  const boxes = placed.map(boxOf)
  boxes.forEach((box, i) => {
    expect(box.left).toBeGreaterThanOrEqual(plot.left)
    expect(box.right).toBeLessThanOrEqual(plot.right + 1)
    expect(box.top).toBeGreaterThanOrEqual(plot.top)
    expect(apart(box, taken)).toBe(true)
    for (const other of boxes.slice(i + 1)) expect(apart(box, other)).toBe(true)
  })
})

it('leaves out points beyond the view and cuts long names', () => {
  const long = 'extraordinarily-long-token-name-without-end'
  const placed = placeLabels(
    [
      { id: 1, text: 'gone', x: 20, y: 50 },
      { id: 2, text: long, x: 100, y: 100 },
    ],
    plot,
  )
  expect(placed.map(({ id }) => id)).toEqual([2])
  expect(placed[0].text.endsWith('…')).toBe(true)
})
