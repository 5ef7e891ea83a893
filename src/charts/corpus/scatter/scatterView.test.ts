import { expect, it } from 'vitest'
import {
  clampView,
  homeView,
  panView,
  squareView,
  type View,
  viewWith,
  zoomOf,
  zoomView,
} from './scatterView'

const home: View = { x: [0, 10], y: [0, 100] }
const float = (...values: number[]) => Float32Array.from(values)

it('shows everything finite with room at the sides', () => {
  const view = homeView(float(0, Number.NaN, 10, Number.POSITIVE_INFINITY), float(5, 1, 2, 3))
  expect(view.x[0]).toBeCloseTo(-0.3)
  expect(view.x[1]).toBeCloseTo(10.3)
})

it.each([
  ['nothing', float()],
  ['nothing but NaN', float(Number.NaN, Number.NaN)],
  ['a constant', float(4, 4)],
  ['one value', float(-2)],
])('has an extent for %s', (_name, values) => {
  const { x } = homeView(values, values)
  expect(x.every(Number.isFinite)).toBe(true)
  expect(x[1]).toBeGreaterThan(x[0])
})

it('keeps the place under the pointer while it zooms', () => {
  const at = [0.25, 0.4] as const
  const placeOf = ({ x, y }: View) => [x[0] + (x[1] - x[0]) * at[0], y[1] - (y[1] - y[0]) * at[1]]
  const zoomed = zoomView(home, home, 3, at)
  expect(zoomOf(zoomed, home)).toBeCloseTo(3)
  expect(placeOf(zoomed)[0]).toBeCloseTo(placeOf(home)[0])
  expect(placeOf(zoomed)[1]).toBeCloseTo(placeOf(home)[1])
})

it('never leaves what there is, neither by zoom nor by pan', () => {
  expect(zoomView(home, home, 0.1, [0, 0])).toEqual(home)
  expect(zoomOf(zoomView(home, home, 1e9, [0.5, 0.5]), home)).toBeCloseTo(2000)
  expect(panView(home, home, 0.5, 0.5)).toEqual(home)
  const inside = zoomView(home, home, 2, [0.5, 0.5])
  expect(panView(inside, home, 5, 5)).toEqual({ x: [0, 5], y: [50, 100] })
})

it('moves with the hand: right and down brings what lies left and above', () => {
  const inside = zoomView(home, home, 2, [0.5, 0.5])
  const moved = panView(inside, home, 0.1, 0.1)
  expect(moved.x[0]).toBeCloseTo(2)
  expect(moved.y[0]).toBeCloseTo(30)
})

it('follows a point only where it would be out of sight', () => {
  const inside = zoomView(home, home, 2, [0.5, 0.5])
  expect(viewWith(inside, home, 5, 50)).toEqual(inside)
  const followed = viewWith(inside, home, 9, 50)
  expect(followed.x[0]).toBeLessThan(9)
  expect(followed.x[1]).toBeGreaterThan(9)
  expect(followed.y).toEqual(inside.y)
})

it('squares and clamps', () => {
  expect(squareView(home)).toEqual({ x: [0, 100], y: [0, 100] })
  expect(clampView({ x: [-5, 40], y: [0, 100] }, home)).toEqual(home)
})
