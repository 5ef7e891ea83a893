import { expect, it } from 'vitest'
import { estimateTextWidth } from '../labelText'
import { type BandScaleOptions, type BandSeries, bandChartGeometry, bandReadings } from './bandChartGeometry'

const { NaN: nan } = Number
const wide = { width: 640, height: 260 }
const phone = { width: 320, height: 260 }
const amount: BandScaleOptions = { scale: 'amount' }

function seriesOf(values: readonly number[], label = 'rank 1', spread = 0.2): BandSeries {
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
  const { yTicks, plot, lines } = bandChartGeometry([seriesOf(falling)], wide, amount)
  expect(yTicks[0]).toMatchObject({ value: 0, position: plot.bottom })
  expect(lines[0].points.every(({ y }) => y >= plot.top && y <= plot.bottom)).toBe(true)
  expect(lines[0].band.match(/M/g)).toHaveLength(1)
})

it('keeps labels of nearly equal lines apart and inside the drawing', () => {
  const lines = [1, 2, 3, 4, 5].map((rank) =>
    seriesOf(
      falling.map((v) => v + rank / 100),
      `rank ${rank}`,
    ),
  )
  const { labels } = bandChartGeometry(lines, wide, amount)
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
  const geometry = bandChartGeometry(
    names.map((name) => seriesOf(falling, name)),
    phone,
    amount,
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
    const { referenceY, plot } = bandChartGeometry([seriesOf(values)], wide, { scale: 'value', reference: 1 })
    expect(referenceY).toBeGreaterThanOrEqual(plot.top)
    expect(referenceY).toBeLessThanOrEqual(plot.bottom)
  }
})

it('counts ranks by powers of ten from 1', () => {
  const { yTicks, lines, plot } = bandChartGeometry([seriesOf([1, 1, 40, 2300], 'median', nan)], wide, {
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
] as const)('survives %s at any width', (_name, values) => {
  for (const size of [wide, phone, { width: 0, height: 0 }]) {
    for (const scale of ['amount', 'value', 'share', 'log'] as const) {
      const { lines, ...geometry } = bandChartGeometry(
        values.map((row) => seriesOf(row)),
        size,
        { scale },
      )
      for (const { path, band } of lines) expect(path + band).not.toMatch(/NaN|Infinity/)
      for (const { position } of [...geometry.xTicks, ...geometry.yTicks])
        expect(Number.isFinite(position)).toBe(true)
      expect(Number.isFinite(geometry.layerAt(10))).toBe(true)
    }
  }
})

it('breaks line and band where a layer is missing', () => {
  const { lines } = bandChartGeometry([seriesOf([1, 2, nan, 3, 4])], wide, amount)
  expect(lines[0].path.match(/M/g)).toHaveLength(2)
  expect(lines[0].band.match(/M/g)).toHaveLength(2)
})

it('reads all lines at a layer, apart, on the side that has room', () => {
  const geometry = bandChartGeometry([seriesOf(falling, 'a'), seriesOf(falling, 'b')], wide, amount)
  const readings = bandReadings(geometry, 4)
  expect(readings.map(({ point: { value } }) => value)).toEqual([2, 2])
  expect(readings[1].y - readings[0].y).toBeGreaterThanOrEqual(14)
  expect(readings[0].anchor).toBe('start')
  expect(bandReadings(geometry, 12)[0].anchor).toBe('end')
  expect(bandReadings(geometry, 99)).toEqual([])
  for (let layer = 0; layer < 13; layer++) expect(geometry.layerAt(geometry.xOf(layer) + 4)).toBe(layer)
})

it('stands layers of models of different depth at l / L, and reads each line where it has a layer', () => {
  const layers = (count: number) => Array.from({ length: count + 1 }, (_, layer) => layer / count)
  const lines = [12, 3].map((count, i) => ({
    ...seriesOf(falling.slice(0, count + 1), `model ${i}`),
    layers: layers(count).map((layer) => ({ layer, n: 9, value: 1 + layer, low: nan, high: nan })),
  }))
  const geometry = bandChartGeometry(lines, wide, { ...amount, byDepth: true })
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
  expect(bandReadings(geometry, 1 / 3)).toHaveLength(2)
  expect(bandReadings(geometry, 1 / 12)).toHaveLength(1)
  expect(geometry.layerAt(geometry.xOf(0.34))).toBe(1 / 3)
})
