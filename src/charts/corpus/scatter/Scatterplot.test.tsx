// @vitest-environment jsdom
import { cleanup, fireEvent, render, screen } from '@testing-library/react'
import { afterEach, beforeEach, expect, it, vi } from 'vitest'
import { Scatterplot } from './Scatterplot'
import type { ScatterplotProps } from './scatterplotProps'

const WIDTH = 656
const HEIGHT = 364

beforeEach(() => {
  vi.spyOn(HTMLElement.prototype, 'clientWidth', 'get').mockReturnValue(WIDTH)
  // There is no browser canvas here: the chart has to say so and continue.
  vi.spyOn(HTMLCanvasElement.prototype, 'getContext').mockReturnValue(null)
})
afterEach(cleanup)

/** Points of a plot of 600 by 300 px; the values are shares of it, with 3 % free at each side. */
const points = {
  x: Float32Array.from([0.5, 0, 1, 0.25, 0.75, Number.NaN]),
  y: Float32Array.from([0.5, 0, 1, 0.75, 0.25, 0.5]),
  marked: null,
}
const tokenIds = Uint32Array.from([5, 0, 10, 2, 7, 9])
const placeOf = (point: number) => ({
  clientX: 600 * ((points.x[point] + 0.03) / 1.06),
  clientY: 300 * (1 - (points.y[point] + 0.03) / 1.06),
})

function show(props: Partial<ScatterplotProps> = {}) {
  const all: ScatterplotProps = {
    points,
    tokenIds,
    tokenName: (id) => `token${id}`,
    xLabel: 'commonness',
    yLabel: 'shift',
    title: 'Shift against commonness',
    height: HEIGHT,
    ...props,
  }
  const { rerender, unmount } = render(<Scatterplot {...all} />)
  const surface = screen.getByRole('slider', { name: 'Shift against commonness' })
  return {
    surface,
    again: (more: Partial<ScatterplotProps>) => rerender(<Scatterplot {...all} {...more} />),
    unmount,
  }
}

const press = (surface: HTMLElement, ...keys: string[]) => {
  for (const key of keys) fireEvent.keyDown(surface, { key })
}
const saidOf = (surface: HTMLElement) => surface.getAttribute('aria-valuetext')

it('walks through the points by x and opens the one it is at', () => {
  const onOpen = vi.fn()
  const onHover = vi.fn()
  const { surface } = show({ onOpen, onHover })
  expect(saidOf(surface)).toBe('6 points')
  press(surface, 'ArrowRight')
  expect(saidOf(surface)).toBe('token0: commonness 0, shift 0')
  press(surface, 'ArrowRight')
  expect(saidOf(surface)).toBe('token2: commonness 0.250, shift 0.750')
  expect(screen.getByText('token2: commonness 0.250, shift 0.750')).toBeTruthy()
  press(surface, 'Enter')
  expect(onOpen).toHaveBeenCalledExactlyOnceWith(3)
  press(surface, 'End', 'ArrowRight')
  expect(surface.getAttribute('aria-valuenow')).toBe('4')
  expect(onHover.mock.lastCall).toEqual([2])
  press(surface, 'Escape')
  expect(onHover.mock.lastCall).toEqual([null])
})

it('names what the pointer is at, beside it, and opens what is clicked', () => {
  const onOpen = vi.fn()
  const onHover = vi.fn()
  const { surface } = show({ onOpen, onHover, tooltip: 'a truly token7 film' })
  fireEvent.pointerMove(surface, { ...placeOf(4), pointerType: 'mouse' })
  expect(onHover.mock.lastCall).toEqual([4])
  expect(screen.getByText('a truly token7 film')).toBeTruthy()
  fireEvent.pointerDown(surface, { ...placeOf(4), pointerId: 1, button: 0 })
  fireEvent.pointerUp(surface, { ...placeOf(4), pointerId: 1 })
  expect(onOpen).toHaveBeenCalledExactlyOnceWith(4)
  fireEvent.pointerMove(surface, { clientX: 300, clientY: 20, pointerType: 'mouse' })
  expect(onHover.mock.lastCall).toEqual([null])
  expect(screen.queryByText('a truly token7 film')).toBeNull()
})

it('reads with the first tap of a finger and opens with the second', () => {
  const onOpen = vi.fn()
  const { surface } = show({ onOpen })
  const tap = () => {
    fireEvent.pointerDown(surface, { ...placeOf(4), pointerId: 1, button: 0, pointerType: 'touch' })
    fireEvent.pointerUp(surface, { ...placeOf(4), pointerId: 1, pointerType: 'touch' })
  }
  tap()
  expect(onOpen).not.toHaveBeenCalled()
  expect(saidOf(surface)).toMatch(/^token7/)
  tap()
  expect(onOpen).toHaveBeenCalledExactlyOnceWith(4)
})

const drag = (surface: HTMLElement, spots: readonly (readonly [number, number])[], shiftKey = false) => {
  const [first, ...rest] = spots
  fireEvent.pointerDown(surface, { clientX: first[0], clientY: first[1], pointerId: 1, button: 0, shiftKey })
  for (const [clientX, clientY] of rest) fireEvent.pointerMove(surface, { clientX, clientY, pointerId: 1 })
  const [clientX, clientY] = spots[spots.length - 1]
  fireEvent.pointerUp(surface, { clientX, clientY, pointerId: 1 })
}

it('selects by rectangle, lasso and the whole view, and clears', () => {
  const onSelect = vi.fn<(points: Uint32Array) => void>()
  const { surface, again } = show({ onSelect })
  const selected = () => [...(onSelect.mock.lastCall?.[0] ?? [])]
  fireEvent.click(screen.getByRole('radio', { name: 'Rectangle' }))
  drag(surface, [
    [100, 20],
    [350, 180],
  ])
  expect(selected()).toEqual([0, 3])
  fireEvent.click(screen.getByRole('radio', { name: 'Lasso' }))
  drag(surface, [
    [2, 298],
    [2, 200],
    [200, 298],
  ])
  expect(selected()).toEqual([1])
  fireEvent.click(screen.getByRole('radio', { name: 'Move' }))
  drag(
    surface,
    [
      [100, 20],
      [350, 180],
    ],
    true,
  )
  expect(selected()).toEqual([0, 3])
  fireEvent.click(screen.getByRole('button', { name: 'Select what is visible' }))
  expect(selected()).toEqual([0, 1, 2, 3, 4])

  again({ onSelect, selected: Uint32Array.from([0, 3]) })
  expect(screen.getByRole('status').textContent).toBe('2 selected')
  fireEvent.click(screen.getByRole('button', { name: 'Clear' }))
  expect(onSelect.mock.lastCall?.[0]).toHaveLength(0)
})

it('offers no selection where none is wanted, also not with Shift', () => {
  const { surface } = show()
  expect(screen.queryByRole('radio')).toBeNull()
  drag(
    surface,
    [
      [100, 20],
      [350, 180],
    ],
    true,
  )
  expect(document.querySelector('.corpus-shape')).toBeNull()
})

it('zooms by buttons and keys, moves, and shows everything again', () => {
  const { surface } = show()
  const zoom = () => screen.getByText(/^n 6/).textContent
  expect(zoom()).toBe('n 6')
  fireEvent.click(screen.getByRole('button', { name: 'Zoom in' }))
  expect(zoom()).toBe('n 6 · zoom 1.60 ×')
  press(surface, '+')
  expect(zoom()).toBe('n 6 · zoom 2.56 ×')
  const ticks = () =>
    Array.from(document.querySelectorAll('.corpus-under .chart-tick'), (tick) => tick.textContent)
  const before = ticks()
  drag(surface, [
    [300, 150],
    [100, 150],
  ])
  expect(ticks()).not.toEqual(before)
  fireEvent.click(screen.getByRole('button', { name: 'Reset zoom' }))
  expect(zoom()).toBe('n 6')
  expect(screen.getByRole('button', { name: 'Zoom out' }).getAttribute('aria-disabled')).toBe('true')
})

it('keeps the view and the cursor when points are added', () => {
  const { surface, again } = show()
  press(surface, '+', 'ArrowRight', 'ArrowRight')
  const said = saidOf(surface)
  again({
    points: {
      x: Float32Array.from([...points.x, 0.1]),
      y: Float32Array.from([...points.y, 0.9]),
      marked: null,
    },
    tokenIds: Uint32Array.from([...tokenIds, 3]),
  })
  expect(screen.getByText('n 7 · zoom 1.60 ×')).toBeTruthy()
  expect(saidOf(surface)).toBe(said)
})

it('says where it cannot draw, and shows the legend of its second colour', () => {
  show({ markedLabel: 'label flips' })
  expect(screen.getByText(/cannot draw the points. The table has their numbers/)).toBeTruthy()
  expect(screen.getByText('label flips')).toBeTruthy()
})

it('stands without a point', () => {
  const nothing = new Float32Array(0)
  const { surface } = show({ points: { x: nothing, y: nothing, marked: null }, tokenIds: new Uint32Array(0) })
  press(surface, 'ArrowRight', 'End', 'Enter', '+', '0')
  expect(saidOf(surface)).toBe('0 points')
})
