import { expect, it } from 'vitest'
import type { Regression } from '../../../core/corpus/figures/figures'
import {
  clearOf,
  drawBins,
  drawDiagonal,
  drawRegression,
  plotBox,
  regressionText,
  scalesOf,
  scatterTicks,
} from './scatterGeometry'
import type { View } from './scatterView'

const { NaN: nan } = Number
const plot = plotBox(700, 420)
const linear = { x: 'linear', y: 'linear' } as const
const view: View = { x: [0, 1], y: [2, 14] }

function regression(slope: number, intercept: number, spread = 0.2): Regression {
  const band = Array.from({ length: 41 }, (_, i) => {
    const x = i / 40
    const y = intercept + slope * x
    return { x, y, low: y - spread, high: y + spread }
  })
  return { slope, intercept, r: -0.304, p: 1e-9, n: 1430, band }
}

it('puts numbers where the scales put points', () => {
  const scales = scalesOf(view, plot)
  const ticks = scatterTicks(scales, linear)
  expect(ticks.x[0]).toEqual({ value: 0, position: plot.left, formattedValue: '0' })
  expect(ticks.y.map(({ value }) => value)).toContain(4)
  for (let i = 1; i < ticks.x.length; i++) {
    expect(ticks.x[i].position - ticks.x[i - 1].position).toBeGreaterThan(40)
  }
})

it('spreads a root axis and names what is there', () => {
  const { y } = scatterTicks(scalesOf({ x: [0, 1], y: [-0.03, 1.03] }, plot), { x: 'linear', y: 'sqrt' })
  expect(y[0]).toMatchObject({ value: 0, formattedValue: '0' })
  expect(y.map(({ formattedValue }) => formattedValue)).toContain('1')
  for (let i = 1; i < y.length; i++) expect(y[i - 1].position - y[i].position).toBeGreaterThan(30)
})

it('says the slope, r and n beside the line, inside the plot', () => {
  expect(regressionText(regression(-2.113, 10))).toBe('slope −2.11 · r −0.30 · n 1,430')
  for (const [slope, intercept] of [
    [-2, 10],
    [9, 3],
    [0, 13.9],
    [-40, 14],
  ]) {
    const drawn = drawRegression(regression(slope, intercept), view, scalesOf(view, plot), plot)
    expect(drawn?.box?.left).toBeGreaterThanOrEqual(plot.left)
    expect(drawn?.box?.top).toBeGreaterThanOrEqual(plot.top)
    expect(drawn?.box?.right).toBeLessThanOrEqual(plot.right + 1)
    expect(drawn?.box?.bottom).toBeLessThanOrEqual(plot.bottom)
  }
})

it('stands above a falling and a rising line alike', () => {
  for (const slope of [-2, 2]) {
    const scales = scalesOf(view, plot)
    const drawn = drawRegression(regression(slope, 8), view, scales, plot)
    for (const px of [drawn?.box?.left ?? 0, drawn?.box?.right ?? 0]) {
      expect(drawn?.textY).toBeLessThan(scales.y(8 + slope * scales.x.invert(px)))
    }
  }
})

it('keeps its words off the bins', () => {
  const scales = scalesOf(view, plot)
  const bins = drawBins([{ from: 0, to: 0.1, n: 9, mean: 10, low: 9, high: 11.5 }], view, scales)
  const drawn = drawRegression(regression(-2, 10), view, scales, plot, bins)
  expect(drawn?.box?.bottom).toBeLessThan(scales.y(11.5))
})

it('draws nothing outside the plot, however far in one is', () => {
  const close: View = { x: [0.4, 0.6], y: [8.8, 9.1] }
  const scales = scalesOf(close, plot)
  const drawn = drawRegression(regression(-2, 10), close, scales, plot)
  const numbers = `${drawn?.path}${drawn?.band}`.match(/-?[\d.]+,-?[\d.]+/g) ?? []
  expect(numbers.length).toBeGreaterThan(6)
  for (const pair of numbers) {
    const [px, py] = pair.split(',').map(Number)
    expect(px).toBeGreaterThanOrEqual(plot.left - 0.01)
    expect(px).toBeLessThanOrEqual(plot.right + 0.01)
    expect(py).toBeGreaterThanOrEqual(plot.top - 0.01)
    expect(py).toBeLessThanOrEqual(plot.bottom + 0.01)
  }
  expect(drawn?.path).toContain(`M${Math.round(scales.x(0.45) * 100) / 100},${plot.top}`)
})

it('has no line out of sight and none where there is none', () => {
  const far: View = { x: [0, 1], y: [100, 120] }
  expect(drawRegression(regression(-2, 10), far, scalesOf(far, plot), plot)).toBeNull()
  expect(drawRegression(regression(0, 10), far, scalesOf(far, plot), plot)).toBeNull()
  const scales = scalesOf(view, plot)
  expect(drawRegression({ ...regression(nan, nan), band: [] }, view, scales, plot)).toBeNull()
  expect(drawRegression(regression(nan, nan), view, scales, plot)).toBeNull()
  const two = drawRegression(regression(-2, 10, nan), view, scales, plot)
  expect(two?.path).toMatch(/^M/)
  expect(two?.path).not.toMatch(/NaN/)
  expect(two?.band).toBe('')
})

it('draws a bin of one without an interval and none of an empty one', () => {
  const bins = [
    { from: 0, to: 0.1, n: 50, mean: 10, low: 9.5, high: 10.5 },
    { from: 0.1, to: 0.2, n: 1, mean: 8, low: nan, high: nan },
    { from: 0.2, to: 0.3, n: 0, mean: nan, low: nan, high: nan },
  ]
  const marks = drawBins(bins, view, scalesOf(view, plot))
  expect(marks.map(({ n }) => n)).toEqual([50, 1])
  expect(marks[0].interval?.[1]).toBeLessThan(marks[0].y)
  expect(marks[1].interval).toBeNull()
})

it('draws the diagonal only where it passes', () => {
  expect(drawDiagonal({ x: [0, 1], y: [0, 1] }, scalesOf({ x: [0, 1], y: [0, 1] }, plot))).toBe(
    `M${plot.left},${plot.bottom}L${plot.right},${plot.top}`,
  )
  expect(drawDiagonal(view, scalesOf(view, plot))).toBeNull()
})

it('has a plot in no room at all', () => {
  const tiny = plotBox(0, 0)
  expect(tiny.right).toBeGreaterThan(tiny.left)
  expect(
    scatterTicks(scalesOf(view, tiny), linear).x.every(({ position }) => Number.isFinite(position)),
  ).toBe(true)
})

it('sets the words of a second line where those of the first do not stand', () => {
  const scales = scalesOf(view, plot)
  const own = drawRegression(regression(-2, 10), view, scales, plot, [], 'small')
  const other = drawRegression(regression(-2, 10.3), view, scales, plot, [], 'large')
  const far = drawRegression(regression(0.5, 4), view, scales, plot, [], 'large')
  if (!own || !other || !far) throw new Error('a line is out of sight')
  expect(other.text).toMatch(/^large: slope −2.00/)
  const moved = clearOf(other, own.box, plot)
  const apart = moved.box.top > own.box.bottom || moved.box.bottom < own.box.top
  expect(apart).toBe(true)
  expect(moved.textY - moved.box.top).toBeCloseTo(other.textY - other.box.top, 9)
  expect(moved.path).toBe(other.path)
  expect(clearOf(far, own.box, plot)).toBe(far)
})
