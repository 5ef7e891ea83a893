// @vitest-environment jsdom
import { cleanup, fireEvent, render, screen } from '@testing-library/react'
import { afterEach, expect, it } from 'vitest'
import { type CurveSeries, curveSeries, LayerCurve } from './LayerCurve'
import { lineChartGeometry } from './lineChartGeometry'

afterEach(cleanup)

const size = { width: 800, height: 240 }
const series: CurveSeries[] = [
  { id: 'a', label: 'wonderful → delightful', color: 0, values: [9.16, 10.3, 6.9], active: true },
  { id: 'b', label: '<b>is</b> → are', color: 2, values: [5, 6.3, 2], active: false },
]

function show(shown = series) {
  return render(<LayerCurve series={shown} yLabel="D, l2" title="Distance by layer" {...size} />)
}

const focusable = () => screen.getByRole('slider', { name: 'Distance by layer' })
const live = (container: HTMLElement) => container.querySelector('[aria-live]')?.textContent

it('draws a line, its points and its label for each series, text from strangers as text', () => {
  const { container } = show()
  expect(container.querySelectorAll('.chart-line > path')).toHaveLength(2)
  expect(container.querySelectorAll('.chart-line > circle')).toHaveLength(6)
  expect(container.querySelectorAll('.chart-label title')[1].textContent).toBe('wonderful → delightful')
  expect(container.querySelector('b')).toBeNull()
  expect(container.textContent).toContain('<b>is</b> → are')
})

it('reads all series at a layer by arrow keys, aloud, and stops at the ends', () => {
  const { container } = show()
  fireEvent.keyDown(focusable(), { key: 'ArrowRight' })
  expect(live(container)).toBe('layer 1: wonderful → delightful 10.3; <b>is</b> → are 6.30')
  for (let i = 0; i < 5; i++) fireEvent.keyDown(focusable(), { key: 'ArrowRight' })
  expect(live(container)).toContain('layer 2: ')
  expect(focusable().getAttribute('aria-valuenow')).toBe('2')
  fireEvent.keyDown(focusable(), { key: 'Home' })
  expect(live(container)).toContain('embedding layer: wonderful → delightful 9.16')
  fireEvent.keyDown(focusable(), { key: 'Escape' })
  expect(live(container)).toBe('')
  expect(container.querySelector('.chart-rule')).toBeNull()
})

it('reads models of different depth aloud with each one’s own layer, and dashes the second', () => {
  const two = [series[0], { ...series[1], values: [5, 6, 7, 8, 9], dashed: true }]
  const { container } = render(
    <LayerCurve series={two} yLabel="D, l2" title="Distance by layer" {...size} byDepth />,
  )
  expect(container.querySelectorAll('.chart-dashed')).toHaveLength(1)
  fireEvent.keyDown(focusable(), { key: 'ArrowRight' })
  fireEvent.keyDown(focusable(), { key: 'ArrowRight' })
  expect(live(container)).toBe(
    'depth 0.5 of all layers: wonderful → delightful layer 1 10.3; <b>is</b> → are layer 2 7.00',
  )
  expect(focusable().getAttribute('aria-valuetext')).toBe('depth 0.5 of all layers')
})

it('reads under the pointer, without speaking, until it leaves', () => {
  const { container } = show()
  const { xOf } = lineChartGeometry(
    series.map((one) => curveSeries(one)),
    size,
  )
  focusable().getBoundingClientRect = () => new DOMRect(100, 0, size.width, size.height)
  fireEvent.pointerMove(focusable(), { clientX: 100 + xOf(1) + 4, clientY: 50 })
  const readings = Array.from(container.querySelectorAll('.chart-reading text'), (text) => text.textContent)
  expect(readings).toEqual(['10.3', '6.30'])
  expect(live(container)).toBe('')
  fireEvent.pointerLeave(focusable())
  expect(container.querySelector('.chart-reading')).toBeNull()
})

it('grows again only when another line becomes the active one', () => {
  const { container, rerender } = show()
  const before = container.querySelector('.chart-grow')
  const remeasured = [{ ...series[0], values: [1, 2, 3] }, series[1]]
  rerender(<LayerCurve series={remeasured} yLabel="D, l2" {...size} />)
  expect(container.querySelector('.chart-grow')).toBe(before)
  const other = series.map((line) => ({ ...line, active: line.id === 'b' }))
  rerender(<LayerCurve series={other} yLabel="D, l2" {...size} />)
  expect(container.querySelector('.chart-grow')).not.toBe(before)
})

it.each([
  ['nothing', []],
  ['no number', [{ ...series[0], values: [Number.NaN, Number.NaN] }]],
])('stands and takes keys with %s to show', (_name, shown) => {
  const { container } = show(shown)
  fireEvent.keyDown(focusable(), { key: 'ArrowRight' })
  fireEvent.pointerMove(focusable(), { clientX: 10, clientY: 10 })
  expect(container.innerHTML).not.toContain('NaN')
})
