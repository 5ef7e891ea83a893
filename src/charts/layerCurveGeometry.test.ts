import { expect, it } from 'vitest'
import { type Box, LABEL_SIZE } from './curveLabels'
import { estimateTextWidth } from './labelText'
import { type CurveSeries, layerCurveGeometry, readingsAt } from './layerCurveGeometry'

const { NaN: nan } = Number
const wonderful = [9.16, 10.3, 9.9, 10.3, 10.9, 11.5, 11.1, 12.5, 13.4, 10.9, 9.5, 9.4, 6.9]
const point = [6.4, 8.7, 9.6, 10.1, 10.7, 11, 10.8, 13.1, 14.4, 12.1, 9.8, 9.7, 7.1]
const is = [5, 6.3, 6.9, 7.8, 7.4, 6.5, 5.8, 5.8, 5.5, 4.1, 3.3, 2.9, 2]

function series(...values: (readonly number[])[]): CurveSeries[] {
  const labels = ['wonderful → delightful', '“.” → “,”', 'is → are']
  return values.map((row, i) => ({
    id: String(i),
    label: labels[i % 3],
    color: i % 8,
    values: row,
    active: i === 0,
  }))
}

const wide = { width: 800, height: 240 }
const narrow = { width: 358, height: 240 }

it('spans the layers from the embedding to L and starts amounts at zero', () => {
  const geometry = layerCurveGeometry(series(wonderful, point, is), wide)
  expect(geometry.lastLayer).toBe(12)
  expect(geometry.xTicks.map(({ formattedValue }) => formattedValue)).toEqual([
    'emb',
    ...Array.from({ length: 12 }, (_, i) => String(i + 1)),
  ])
  expect(geometry.yTicks.map(({ formattedValue }) => formattedValue)).toEqual(['0', '5', '10', '15'])
  expect(geometry.yTicks[0].position).toBe(geometry.plot.bottom)
  expect(geometry.xTicks[0].position).toBe(geometry.plot.left)
  expect(geometry.xTicks[12].position).toBe(geometry.plot.right)
})

it('draws the active line last', () => {
  const { lines } = layerCurveGeometry(series(wonderful, point, is), wide)
  expect(lines.map(({ active }) => active)).toEqual([false, false, true])
})

it('keeps end labels apart, inside the drawing, and names the whole where it cuts', () => {
  const crowd = series(...Array.from({ length: 9 }, () => wonderful)).map((line) => ({
    ...line,
    label: 'extraordinarily wonderful → unbelievably delightful and more',
  }))
  const { labels } = layerCurveGeometry(crowd, wide)
  const ys = labels.map(({ y }) => y).sort((a, b) => a - b)
  for (let i = 1; i < ys.length; i++) expect(ys[i] - ys[i - 1]).toBeGreaterThanOrEqual(14)
  for (const { text, fullText, x } of labels) {
    expect(text.endsWith('…')).toBe(true)
    expect(fullText).toBe(crowd[0].label)
    expect(x + estimateTextWidth(text, LABEL_SIZE)).toBeLessThanOrEqual(wide.width)
  }
})

function boxesOf(lines: ReturnType<typeof layerCurveGeometry>['labels']): Box[] {
  return lines.map(({ x, y, text }) => ({
    left: x,
    top: y - 7,
    right: x + estimateTextWidth(text, LABEL_SIZE),
    bottom: y + 7,
  }))
}

it('puts labels on a phone where neither a line nor a label is', () => {
  const geometry = layerCurveGeometry(series(wonderful, point, is), narrow)
  expect(geometry.plot.right - geometry.plot.left).toBeGreaterThan(0.85 * narrow.width)
  expect(geometry.labels).toHaveLength(3)
  const boxes = boxesOf(geometry.labels)
  boxes.forEach((box, i) => {
    expect(box.left).toBeGreaterThanOrEqual(0)
    expect(box.right).toBeLessThanOrEqual(narrow.width)
    for (const { points } of geometry.lines) {
      for (const { x, y } of points) {
        expect(x > box.left && x < box.right && y > box.top && y < box.bottom).toBe(false)
      }
    }
    for (const other of boxes.slice(i + 1)) {
      const apart =
        other.left >= box.right ||
        box.left >= other.right ||
        other.top >= box.bottom ||
        box.top >= other.bottom
      expect(apart).toBe(true)
    }
  })
})

it('gives every one of nine equal lines a label on a phone', () => {
  const { labels, plot } = layerCurveGeometry(series(...Array.from({ length: 9 }, () => wonderful)), narrow)
  expect(labels).toHaveLength(9)
  expect(new Set(labels.map(({ x, y }) => `${x},${y}`)).size).toBe(9)
  expect(plot.bottom - plot.top).toBeGreaterThan(60)
})

it.each([
  ['no series', []],
  ['no values', [[]]],
  ['one layer', [[3]]],
  ['zeros', [[0, 0, 0]]],
  ['a constant', [[4, 4, 4]]],
  ['nothing but NaN', [[nan, nan]]],
] as const)('survives %s at both widths', (_name, values) => {
  for (const size of [wide, narrow, { width: 0, height: 0 }]) {
    const geometry = layerCurveGeometry(series(...values), size)
    const { xOf: _x, layerAt: _l, ...drawn } = geometry
    expect(JSON.stringify(drawn)).not.toMatch(/NaN|Infinity|null,"y"/)
    for (const { position } of [...geometry.xTicks, ...geometry.yTicks])
      expect(Number.isFinite(position)).toBe(true)
    expect(geometry.yTicks.length).toBeGreaterThan(0)
  }
})

it('breaks the line where a value is missing and labels the last that is there', () => {
  const { lines, labels } = layerCurveGeometry(series([1, 2, nan, 3, 4, nan]), wide)
  expect(lines[0].path.match(/M/g)).toHaveLength(2)
  expect(lines[0].points.map(({ layer }) => layer)).toEqual([0, 1, 3, 4])
  expect(labels[0].y).toBeCloseTo(lines[0].points[3].y)
})

it('finds the nearest layer and never one outside', () => {
  const { layerAt, xOf, lastLayer } = layerCurveGeometry(series(wonderful), wide)
  for (let layer = 0; layer <= lastLayer; layer++) expect(layerAt(xOf(layer) + 3)).toBe(layer)
  expect(layerAt(-100)).toBe(0)
  expect(layerAt(10_000)).toBe(12)
})

it('reads all lines at a layer, apart from one another and on the side that has room', () => {
  const geometry = layerCurveGeometry(series(wonderful, wonderful, is), wide)
  const readings = readingsAt(geometry, 8)
  expect(readings.map(({ point: { value } }) => value)).toEqual([13.4, 13.4, 5.5])
  expect(readings[1].y - readings[0].y).toBeGreaterThanOrEqual(14)
  expect(readings[0].anchor).toBe('start')
  expect(readingsAt(geometry, 12)[0].anchor).toBe('end')
  expect(readingsAt(layerCurveGeometry(series([1, nan, 2]), wide), 1)).toEqual([])
})

it('draws models of different depth over the same width, and reads each at its nearest layer', () => {
  const geometry = layerCurveGeometry(series(wonderful, [1, 2, 3, 4]), wide, true)
  const [deep, shallow] = ['0', '1'].map((id) => geometry.lines.find((line) => line.id === id)?.points ?? [])
  expect(geometry).toMatchObject({ lastLayer: 12, xLabel: 'l / L' })
  expect(shallow.map(({ x }) => x)).toEqual([0, 4, 8, 12].map((layer) => deep[layer].x))
  expect(geometry.xTicks.map(({ formattedValue }) => formattedValue)).toEqual([
    'emb',
    '0.25',
    '0.5',
    '0.75',
    '1',
  ])
  expect(geometry.xTicks[2].position).toBe(deep[6].x)
  const layersAt = (at: number) =>
    readingsAt(geometry, at)
      .sort((a, b) => a.id.localeCompare(b.id))
      .map(({ layer, point: { value } }) => [layer, value])
  expect(layersAt(5)).toEqual([
    [5, wonderful[5]],
    [1, 2],
  ])
  expect(layersAt(6)).toEqual([
    [6, wonderful[6]],
    [2, 3],
  ])
  expect(layersAt(12)).toEqual([
    [12, wonderful[12]],
    [3, 4],
  ])
})

it('leaves lines of different length over the layers where it is not asked otherwise', () => {
  const geometry = layerCurveGeometry(series(wonderful, [1, 2, 3, 4]), wide)
  expect(geometry.xLabel).toBe('layer')
  expect(readingsAt(geometry, 5).map(({ id }) => id)).toEqual(['0'])
})
