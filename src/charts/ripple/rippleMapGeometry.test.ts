import { expect, it } from 'vitest'
import { createAmountScale } from '../amountScale'
import { estimateTextWidth } from '../labelText'
import { nextCell } from './rippleCursor'
import { cellPaths, columnLabels, rippleMapGeometry, scrollToColumn } from './rippleMapGeometry'

const colors = { low: '#f0efe8', high: '#0b6e8f' }

function ripple(layers: number, positions: number, chosen = 0): Float32Array {
  return Float32Array.from({ length: layers * positions }, (_, i) => {
    const layer = Math.floor(i / positions)
    const distance = Math.abs((i % positions) - chosen)
    return distance === 0 ? 9 : layer / (1 + distance)
  })
}

it('lays the embedding lowest and fills the frame', () => {
  const geometry = rippleMapGeometry({ layers: 13, positions: 48 }, 800)
  const bottom = geometry.boxOf({ layer: 0, position: 0 })
  const top = geometry.boxOf({ layer: 12, position: 0 })
  expect(top.y).toBe(geometry.top)
  expect(bottom.y + bottom.height + 1).toBe(geometry.bottom)
  expect(geometry.scrolls).toBe(false)
  expect(geometry.width).toBe(800)
  expect(geometry.right).toBeGreaterThan(780)
  expect(geometry.layerTicks.map(({ formattedValue }) => formattedValue)).toEqual(['emb', '4', '8', '12'])
})

it('scrolls rather than draw columns too narrow to hit, and does not stretch a few into bars', () => {
  const long = rippleMapGeometry({ layers: 13, positions: 512 }, 358)
  expect(long.scrolls).toBe(true)
  expect(long.cellWidth).toBe(10)
  expect(long.width).toBeGreaterThan(5120)
  const short = rippleMapGeometry({ layers: 13, positions: 3 }, 800)
  expect(short.cellWidth).toBe(72)
  expect(short.width).toBe(800)
})

it.each([
  [13, 48, 800],
  [13, 37, 611],
  [25, 512, 358],
  [1, 1, 300],
])('finds every cell of %i x %i again by its middle', (layers, positions, width) => {
  const geometry = rippleMapGeometry({ layers, positions }, width)
  for (let layer = 0; layer < layers; layer++) {
    for (let position = 0; position < positions; position++) {
      const box = geometry.boxOf({ layer, position })
      const found = geometry.cellAt(box.x + box.width / 2, box.y + box.height / 2)
      if (found?.layer !== layer || found.position !== position) expect(found).toEqual({ layer, position })
    }
  }
  expect(geometry.cellAt(geometry.left - 1, geometry.top)).toBeNull()
  expect(geometry.cellAt(geometry.right, geometry.top)).toBeNull()
  expect(geometry.cellAt(geometry.left, geometry.bottom)).toBeNull()
  expect(geometry.cellAt(Number.NaN, 5)).toBeNull()
})

it('draws every cell once, in at most as many paths as steps', () => {
  const data = { values: ripple(25, 512, 40), layers: 25, positions: 512 }
  const paths = cellPaths(data, rippleMapGeometry(data, 800), createAmountScale(data.values, colors))
  expect(paths.length).toBeLessThanOrEqual(48)
  expect(paths.map(({ d }) => d.split('M').length - 1).reduce((a, b) => a + b)).toBe(25 * 512)
})

it('gives the largest amount the strong end, and no colour to what is no number', () => {
  const data = { values: Float32Array.of(0, 4, Number.NaN, 1), layers: 2, positions: 2 }
  const geometry = rippleMapGeometry(data, 200)
  const paths = cellPaths(data, geometry, createAmountScale(data.values, colors))
  const { x, y } = geometry.boxOf({ layer: 0, position: 1 })
  expect(paths.at(-1)).toMatchObject({ fill: 'rgb(11, 110, 143)', d: expect.stringContaining(`M${x} ${y}h`) })
  expect(paths[0].fill).toBeNull()
})

it.each([
  [0, 0],
  [13, 0],
  [0, 5],
])('survives %i layers of %i positions', (layers, positions) => {
  const data = { values: new Float32Array(layers * positions), layers, positions }
  const geometry = rippleMapGeometry(data, 0)
  expect(cellPaths(data, geometry, createAmountScale(data.values, colors))).toEqual([])
  expect(geometry.cellAt(geometry.left, geometry.top)).toBeNull()
  for (const size of [geometry.width, geometry.height]) expect(size).toBeGreaterThan(0)
})

it('names all tokens where they fit, and thins them about the chosen ones where they do not', () => {
  const tokens = Array.from({ length: 40 }, (_, i) => `token${i}`)
  const roomy = rippleMapGeometry({ layers: 13, positions: 40 }, 800)
  expect(columnLabels(roomy, tokens, [7])).toHaveLength(40)

  const tight = rippleMapGeometry({ layers: 13, positions: 40 }, 300, tokens)
  const labels = columnLabels(tight, tokens, [7, 8], 20)
  const named = labels.map(({ position }) => position)
  expect(named).toEqual(expect.arrayContaining([7, 8, 20]))
  expect(labels.filter(({ chosen }) => chosen).map(({ position }) => position)).toEqual([7, 8])
  const others = named.filter((position) => position !== 7)
  for (let i = 1; i < others.length; i++) expect(others[i] - others[i - 1]).toBeGreaterThan(1)
})

it('brings a column into the frame, and leaves one alone that is there', () => {
  const geometry = rippleMapGeometry({ layers: 13, positions: 512 }, 358)
  expect(scrollToColumn(geometry, 10, { scrollLeft: 0, frameWidth: 358 })).toBe(0)
  const scrollLeft = scrollToColumn(geometry, 400, { scrollLeft: 0, frameWidth: 358 })
  const { x } = geometry.boxOf({ layer: 0, position: 400 })
  expect(x).toBeGreaterThan(scrollLeft + geometry.left)
  expect(x).toBeLessThan(scrollLeft + 358)
  expect(scrollToColumn(geometry, 511, { scrollLeft: 0, frameWidth: 358 })).toBe(geometry.width - 358)
})

it('moves by keys and stops at the edges', () => {
  const shape = { layers: 13, positions: 48 }
  expect(nextCell('ArrowUp', { layer: 0, position: 5 }, shape)).toEqual({ layer: 1, position: 5 })
  expect(nextCell('ArrowUp', { layer: 12, position: 5 }, shape)).toEqual({ layer: 12, position: 5 })
  expect(nextCell('ArrowDown', { layer: 0, position: 5 }, shape)).toEqual({ layer: 0, position: 5 })
  expect(nextCell('ArrowRight', { layer: 0, position: 47 }, shape)).toEqual({ layer: 0, position: 47 })
  expect(nextCell('ArrowLeft', { layer: 0, position: 5 }, shape)).toEqual({ layer: 0, position: 4 })
  expect(nextCell('End', { layer: 3, position: 5 }, shape)).toEqual({ layer: 3, position: 47 })
  expect(nextCell('PageUp', { layer: 3, position: 5 }, shape)).toEqual({ layer: 12, position: 5 })
  expect(nextCell('x', { layer: 3, position: 5 }, shape)).toBeNull()
})

it('lets labels lie where each has the room under its column, and turns them all where one has not', () => {
  const shape = { layers: 13, positions: 5 }
  const lying = rippleMapGeometry(shape, 600, ['[CLS]', 'a', 'good', 'film', '[SEP]'])
  expect(lying.labelAngle).toBe(0)
  const turned = rippleMapGeometry(shape, 600, ['[CLS]', 'a', 'good', 'incomprehensibility', '[SEP]'])
  expect(turned.labelAngle).toBeLessThan(0)
  expect(turned.height).toBeGreaterThan(lying.height)
})

it('gives columns the width of their words where the whole text fits so, each word whole and none on another', () => {
  const tokens = ['[CLS]', 'seven', 'out', 'of', 'ten', ':', 'three', 'points', 'for', 'the', 'shootout', '.']
  const shape = { layers: 3, positions: tokens.length }
  const geometry = rippleMapGeometry(shape, 500, tokens)
  expect(geometry.labelAngle).toBe(0)
  expect(geometry.right).toBe(500 - 8)
  const labels = columnLabels(geometry, tokens, [1])
  expect(labels.map(({ text }) => text)).toEqual(tokens)
  for (const { position, text, x } of labels) {
    const box = geometry.boxOf({ layer: 0, position })
    expect(x).toBeCloseTo(box.x + (box.width + 1) / 2, -0.3)
    expect(estimateTextWidth(text, 11, 'bold')).toBeLessThan(box.width)
    for (const at of [box.x, box.x + box.width - 0.01]) {
      expect(geometry.cellAt(at, geometry.bottom - 1)?.position).toBe(position)
    }
  }
  // With less room the words turn, and with more each lies under a column of one width.
  expect(rippleMapGeometry(shape, 300, tokens).labelAngle).toBe(-60)
  const wide = rippleMapGeometry(shape, 1000, tokens)
  expect(wide.labelAngle).toBe(0)
  expect(wide.centerOf(2) - wide.centerOf(1)).toBeCloseTo(wide.centerOf(9) - wide.centerOf(8))
})
