// @vitest-environment jsdom
import { cleanup, fireEvent, render, screen } from '@testing-library/react'
import { afterEach, expect, it, vi } from 'vitest'
import { RippleMap, type RippleMapProps } from './RippleMap'
import { rippleMapGeometry } from './rippleMapGeometry'

afterEach(cleanup)

const tokens = ['[CLS]', 'a', 'wonderful', 'film', '[SEP]']
const props: RippleMapProps = {
  values: Float32Array.of(0, 0, 9, 0, 0, 0.5, 1, 3.21, 2, 0.1),
  layers: 2,
  positions: 5,
  tokens,
  chosen: [2],
  width: 400,
  colors: { low: '#f0efe8', high: '#0b6e8f' },
  title: 'Ripple',
}
const geometry = rippleMapGeometry(props, props.width)

const map = () => screen.getByRole('slider', { name: 'Ripple' })
const live = (container: HTMLElement) => container.querySelector('[aria-live]')?.textContent

function show(more: Partial<RippleMapProps> = {}) {
  const shown = render(<RippleMap {...props} {...more} />)
  map().getBoundingClientRect = () => new DOMRect(0, 0, geometry.width, geometry.height)
  return shown
}

function over(layer: number, position: number) {
  const { x, y, width, height } = geometry.boxOf({ layer, position })
  return { clientX: x + width / 2, clientY: y + height / 2 }
}

it('moves a cell by arrow keys from the substituted position and reads it aloud', () => {
  const onColumn = vi.fn()
  const { container } = show({ onColumn, readingAt: () => 'delightful' })
  fireEvent.keyDown(map(), { key: 'ArrowUp' })
  expect(live(container)).toBe('layer 1, position 2 wonderful: 3.21, reads as delightful')
  fireEvent.keyDown(map(), { key: 'ArrowDown' })
  expect(live(container)).toBe('embedding layer, position 2 wonderful: 9.00, reads as delightful')
  fireEvent.keyDown(map(), { key: 'ArrowRight' })
  expect(onColumn.mock.calls).toEqual([[2], [3]])
})

it('outlines and reads the cell under the pointer, without speaking', () => {
  const onColumn = vi.fn()
  const { container } = show({ onColumn, readingAt: () => null })
  fireEvent.pointerMove(map(), over(1, 3))
  fireEvent.pointerMove(map(), over(0, 3))
  expect(onColumn.mock.calls).toEqual([[3]])
  expect(container.querySelector('.chart-readout')?.textContent).toBe('embedding layer, position 3 film: 0')
  expect(Number(container.querySelector('.chart-outline')?.getAttribute('x'))).toBe(
    geometry.boxOf({ layer: 0, position: 3 }).x,
  )
  expect(live(container)).toBe('')
  fireEvent.pointerLeave(map())
  expect(container.querySelector('.chart-outline')).toBeNull()
})

it('chooses by click and by Enter', () => {
  const onSelect = vi.fn()
  show({ onSelect })
  fireEvent.pointerDown(map(), { ...over(1, 3), pointerType: 'mouse' })
  fireEvent.click(map(), over(1, 3))
  fireEvent.keyDown(map(), { key: 'ArrowLeft' })
  fireEvent.keyDown(map(), { key: 'Enter' })
  expect(onSelect.mock.calls).toEqual([
    [3, 1],
    [2, 1],
  ])
  fireEvent.click(map(), { clientX: 1, clientY: 1 })
  expect(onSelect).toHaveBeenCalledTimes(2)
})

it('reads at a first tap of a finger and chooses at the second', () => {
  const onSelect = vi.fn()
  const { container } = show({ onSelect })
  const tap = () => {
    fireEvent.pointerDown(map(), { ...over(1, 1), pointerType: 'touch' })
    fireEvent.click(map(), over(1, 1))
  }
  tap()
  expect(onSelect).not.toHaveBeenCalled()
  expect(container.querySelector('.chart-readout')?.textContent).toBe('layer 1, position 1 a: 1.00')
  tap()
  expect(onSelect.mock.calls).toEqual([[1, 1]])
})

it('marks the substituted token and says the ends of its scale', () => {
  const { container } = show({ transform: 'sqrt' })
  expect(container.querySelector('.chart-tick-chosen')?.textContent).toContain('wonderful')
  expect(container.querySelector('.chart-legend')?.textContent.replace(/ +/g, ' ')).toBe(
    'distance at the position, l2 0to 9.00 square-root scale',
  )
})

it('forgets a cell that is no longer there', () => {
  const { container, rerender } = show()
  fireEvent.pointerMove(map(), over(1, 4))
  rerender(<RippleMap {...props} values={Float32Array.of(1, 2)} layers={2} positions={1} />)
  expect(container.querySelector('.chart-outline')).toBeNull()
  expect(container.innerHTML).not.toContain('NaN')
})

it('stands and takes keys with nothing to show', () => {
  const { container } = show({ values: new Float32Array(), layers: 0, positions: 0, tokens: [] })
  for (const key of ['ArrowUp', 'End', 'Enter']) fireEvent.keyDown(map(), { key })
  fireEvent.click(map(), { clientX: 50, clientY: 10 })
  expect(container.innerHTML).not.toMatch(/NaN|Infinity/)
})

it('draws 25 layers of 512 positions as a few dozen nodes, and scrolls them in their own frame', () => {
  const values = Float32Array.from({ length: 25 * 512 }, (_, i) => (i % 97) / 10)
  const { container } = show({
    values,
    layers: 25,
    positions: 512,
    tokens: Array(512).fill('is'),
    chosen: [400],
  })
  expect(container.querySelectorAll('.chart-ripple .chart-focus path').length).toBeLessThanOrEqual(48)
  expect(container.querySelector('.chart-sticky-axis')).not.toBeNull()
  expect(container.querySelector('.chart-frame')?.scrollLeft).toBeGreaterThan(1000)
})
