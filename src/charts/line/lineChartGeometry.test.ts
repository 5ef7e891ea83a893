import { expect, it } from 'vitest'
import { estimateTextWidth } from '../labelText'
import { type Box, LABEL_SIZE } from './curveLabels'
import { curveSeries } from './LayerCurve'
import { type LineChartOptions, type LineSeries, lineChartGeometry, lineReadings } from './lineChartGeometry'

const { NaN: nan } = Number
const wonderful = [9.16, 10.3, 9.9, 10.3, 10.9, 11.5, 11.1, 12.5, 13.4, 10.9, 9.5, 9.4, 6.9]
const point = [6.4, 8.7, 9.6, 10.1, 10.7, 11, 10.8, 13.1, 14.4, 12.1, 9.8, 9.7, 7.1]
const is = [5, 6.3, 6.9, 7.8, 7.4, 6.5, 5.8, 5.8, 5.5, 4.1, 3.3, 2.9, 2]

function series(values: readonly (readonly number[])[], byDepth = false): LineSeries[] {
  const labels = ['wonderful → delightful', '“.” → “,”', 'is → are']
  return values.map((row, i) =>
    curveSeries({ id: String(i), label: labels[i % 3], color: i, values: row, active: i === 0 }, byDepth),
  )
}

const wide = { width: 800, height: 240 }
const narrow = { width: 358, height: 240 }

it('spans the layers from the embedding to L and starts amounts at zero', () => {
  const geometry = lineChartGeometry(series([wonderful, point, is]), wide)
  expect(geometry.layers.at(-1)).toBe(12)
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
  const { lines } = lineChartGeometry(series([wonderful, point, is]), wide)
  expect(lines.map(({ active }) => active)).toEqual([false, false, true])
})

it('keeps end labels apart, inside the drawing, and names the whole where it cuts', () => {
  const crowd = series(Array.from({ length: 9 }, () => wonderful)).map((line) => ({
    ...line,
    label: 'extraordinarily wonderful → unbelievably delightful and more',
  }))
  const { labels } = lineChartGeometry(crowd, wide)
  const ys = labels.map(({ y }) => y).sort((a, b) => a - b)
  for (let i = 1; i < ys.length; i++) expect(ys[i] - ys[i - 1]).toBeGreaterThanOrEqual(14)
  for (const { text, fullText, x } of labels) {
    expect(text.endsWith('…')).toBe(true)
    expect(fullText).toBe(crowd[0].label)
    expect(x + estimateTextWidth(text, LABEL_SIZE)).toBeLessThanOrEqual(wide.width)
  }
})

function boxesOf(lines: ReturnType<typeof lineChartGeometry>['labels']): Box[] {
  return lines.map(({ x, y, text }) => ({
    left: x,
    top: y - 7,
    right: x + estimateTextWidth(text, LABEL_SIZE),
    bottom: y + 7,
  }))
}

it('puts labels on a phone where neither a line nor a label is', () => {
  const geometry = lineChartGeometry(series([wonderful, point, is]), narrow)
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
  const { labels, plot } = lineChartGeometry(series(Array.from({ length: 9 }, () => wonderful)), narrow)
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
    const geometry = lineChartGeometry(series(values), size)
    const { xOf: _x, layerAt: _l, ...drawn } = geometry
    expect(JSON.stringify(drawn)).not.toMatch(/NaN|Infinity|null,"y"/)
    for (const { position } of [...geometry.xTicks, ...geometry.yTicks])
      expect(Number.isFinite(position)).toBe(true)
    expect(geometry.yTicks.length).toBeGreaterThan(0)
  }
})

it('breaks the line where a value is missing and labels the last that is there', () => {
  const { lines, labels } = lineChartGeometry(series([[1, 2, nan, 3, 4, nan]]), wide)
  expect(lines[0].path.match(/M/g)).toHaveLength(2)
  expect(lines[0].points.map(({ layer }) => layer)).toEqual([0, 1, 3, 4])
  expect(labels[0].y).toBeCloseTo(lines[0].points[3].y)
})

it('finds the nearest layer and never one outside', () => {
  const { layerAt, xOf } = lineChartGeometry(series([wonderful]), wide)
  for (let layer = 0; layer <= 12; layer++) expect(layerAt(xOf(layer) + 3)).toBe(layer)
  expect(layerAt(-100)).toBe(0)
  expect(layerAt(10_000)).toBe(12)
})

it('reads all lines at a layer, apart from one another and on the side that has room', () => {
  const geometry = lineChartGeometry(series([wonderful, wonderful, is]), wide)
  const readings = lineReadings(geometry, 8)
  expect(readings.map(({ point: { value } }) => value)).toEqual([13.4, 13.4, 5.5])
  expect(readings[1].y - readings[0].y).toBeGreaterThanOrEqual(14)
  expect(readings[0].anchor).toBe('start')
  expect(lineReadings(geometry, 12)[0].anchor).toBe('end')
  expect(lineReadings(lineChartGeometry(series([[1, nan, 2]]), wide), 1)).toEqual([])
})

it('draws models of different depth over the same width, and reads each at its nearest layer', () => {
  const geometry = lineChartGeometry(series([wonderful, [1, 2, 3, 4]], true), wide, { byDepth: true })
  const [deep, shallow] = ['0', '1'].map((id) => geometry.lines.find((line) => line.id === id)?.points ?? [])
  expect(geometry.layers).toHaveLength(13)
  expect(geometry.axisLabel).not.toBeNull()
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
    lineReadings(geometry, at / 12)
      .sort((a, b) => a.id.localeCompare(b.id))
      .map(({ point: { ownLayer, value } }) => [ownLayer, value])
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
  const geometry = lineChartGeometry(series([wonderful, [1, 2, 3, 4]]), wide)
  expect(geometry.axisLabel).toBeNull()
  expect(lineReadings(geometry, 5).map(({ id }) => id)).toEqual(['0'])
})

const phone = { width: 320, height: 260 }
const whole: LineChartOptions = { names: 'whole' }

function bandOf(values: readonly number[], label = 'rank 1', spread = 0.2): LineSeries {
  return {
    id: label,
    label,
    className: 'chart-series-0',
    layers: values.map((value, layer) => ({
      layer,
      n: 500,
      value,
      low: value - spread,
      high: value + spread,
    })),
  }
}

const falling = [3.5, 3.1, 2.6, 2.2, 2, 1.8, 1.5, 1.4, 1.4, 1, 0.8, 0.7, 0.5]

it('starts amounts at zero and holds the intervals', () => {
  const { yTicks, plot, lines } = lineChartGeometry([bandOf(falling)], wide, whole)
  expect(yTicks[0]).toMatchObject({ value: 0, position: plot.bottom })
  expect(lines[0].points.every(({ y }) => y >= plot.top && y <= plot.bottom)).toBe(true)
  expect(lines[0].band.match(/M/g)).toHaveLength(1)
})

it('keeps labels of nearly equal lines apart and inside the drawing', () => {
  const lines = [1, 2, 3, 4, 5].map((rank) =>
    bandOf(
      falling.map((v) => v + rank / 100),
      `rank ${rank}`,
    ),
  )
  const { labels } = lineChartGeometry(lines, wide, whole)
  const ys = labels.map(({ y }) => y).sort((a, b) => a - b)
  for (let i = 1; i < ys.length; i++) expect(ys[i] - ys[i - 1]).toBeGreaterThanOrEqual(14)
  for (const { text, x } of labels) expect(x + estimateTextWidth(text, 12)).toBeLessThanOrEqual(wide.width)
})

it('sets long labels above the plot on a phone and leaves the plot its width', () => {
  const names = [
    'nearest token',
    '10th nearest token',
    'random token',
    'mask',
    'delete',
    'swap with the next',
  ]
  const geometry = lineChartGeometry(
    names.map((name) => bandOf(falling, name)),
    phone,
    whole,
  )
  expect(geometry.wide).toBe(false)
  expect(geometry.plot.right - geometry.plot.left).toBeGreaterThan(0.8 * phone.width)
  expect(geometry.labels).toHaveLength(6)
  for (const { x, y, text } of geometry.labels) {
    expect(y).toBeLessThan(geometry.plot.top)
    expect(x + estimateTextWidth(text, 12)).toBeLessThanOrEqual(phone.width)
  }
})

it('has the reference in sight, between the lines or beyond them', () => {
  for (const values of [
    [1.2, 1.3],
    [0.4, 0.5],
    [0.8, 1.4],
  ]) {
    const { referenceY, plot } = lineChartGeometry([bandOf(values)], wide, { scale: 'value', reference: 1 })
    expect(referenceY).toBeGreaterThanOrEqual(plot.top)
    expect(referenceY).toBeLessThanOrEqual(plot.bottom)
  }
})

it('counts ranks by powers of ten from 1', () => {
  const { yTicks, lines, plot } = lineChartGeometry([bandOf([1, 1, 40, 2300], 'median', nan)], wide, {
    scale: 'log',
  })
  expect(yTicks.map(({ value }) => value)).toEqual([1, 10, 100, 1000, 10_000])
  expect(lines[0].points[0].y).toBe(plot.bottom)
  expect(lines[0].band).toBe('')
})

it.each([
  ['no series', []],
  ['no layers', [[]]],
  ['one layer', [[3]]],
  ['zeros', [[0, 0, 0]]],
  ['a constant', [[4, 4, 4]]],
  ['nothing but NaN', [[nan, nan]]],
] as const)('survives %s on any scale', (_name, values) => {
  for (const size of [wide, phone, { width: 0, height: 0 }]) {
    for (const scale of ['amount', 'value', 'share', 'log'] as const) {
      const { lines, ...geometry } = lineChartGeometry(
        values.map((row) => bandOf(row)),
        size,
        { scale, names: 'whole' },
      )
      for (const { path, band } of lines) expect(path + band).not.toMatch(/NaN|Infinity/)
      for (const { position } of [...geometry.xTicks, ...geometry.yTicks])
        expect(Number.isFinite(position)).toBe(true)
      expect(Number.isFinite(geometry.layerAt(10))).toBe(true)
    }
  }
})

it('breaks line and band where a layer is missing', () => {
  const { lines } = lineChartGeometry([bandOf([1, 2, nan, 3, 4])], wide, whole)
  expect(lines[0].path.match(/M/g)).toHaveLength(2)
  expect(lines[0].band.match(/M/g)).toHaveLength(2)
})

it('reads nothing at a layer that no line has', () => {
  expect(lineReadings(lineChartGeometry([bandOf(falling)], wide, whole), 99)).toEqual([])
})

it('stands layers of models of different depth at l / L, and reads each line where it has a layer', () => {
  const layers = (count: number) => Array.from({ length: count + 1 }, (_, layer) => layer / count)
  const lines = [12, 3].map((count, i) => ({
    ...bandOf(falling.slice(0, count + 1), `model ${i}`),
    layers: layers(count).map((layer) => ({ layer, n: 9, value: 1 + layer, low: nan, high: nan })),
  }))
  const geometry = lineChartGeometry(lines, wide, { ...whole, byDepth: true })
  expect(geometry.xTicks.map(({ formattedValue }) => formattedValue)).toEqual([
    'emb',
    '0.25',
    '0.5',
    '0.75',
    '1',
  ])
  expect(geometry.xOf(0)).toBe(geometry.plot.left)
  expect(geometry.xOf(1)).toBe(geometry.plot.right)
  // 1/3 is 4/12 too: thirteen depths, not more.
  expect(geometry.layers).toHaveLength(13)
  expect(lineReadings(geometry, 1 / 3)).toHaveLength(2)
  expect(lineReadings(geometry, 1 / 12)).toHaveLength(1)
  expect(geometry.layerAt(geometry.xOf(0.34))).toBe(1 / 3)
})
