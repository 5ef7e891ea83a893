import { describe, expect, it } from 'vitest'
import { cellKey, nextBatch, partKey, rowsOf, type SweepShape, sweepCost, sweepPatches } from './patchSweep'

const shapeOf = (changes: Partial<SweepShape> = {}): SweepShape => ({
  layers: 3,
  positions: 4,
  own: [1],
  read: 0,
  visible: [],
  // The embedding of the changed token alone moves.
  distances: [0, 2, 0, 0, ...new Array(8).fill(1)],
  ...changes,
})
const keys = (shape: SweepShape, known?: (key: string) => boolean) =>
  sweepPatches(shape, known).map(({ key }) => key)

describe('a sweep', () => {
  it('begins with the parts of layers, goes on with whole positions, and ends with cells', () => {
    expect(keys(shapeOf({ own: [1, 2] }))).toEqual([
      ...['0/own', '1/own', '1/others', '1/0', '2/own', '2/others', '2/0'],
      ...['*/0', '*/1', '*/2', '*/3'],
      ...['2/1', '2/2', '2/3', '1/1', '1/2', '1/3', '0/1'],
    ])
  })

  it('runs a part that is one cell once', () => {
    expect(partKey(shapeOf(), 2, 'own')).toBe(cellKey(2, 1))
    expect(partKey(shapeOf({ own: [1, 2] }), 2, 'own')).toBe('2/own')
    const all = keys(shapeOf())
    expect(new Set(all).size).toBe(all.length)
    expect(all.slice(0, 7)).toEqual(['0/1', '1/1', '1/others', '1/0', '2/1', '2/others', '2/0'])
  })

  it('leaves out states that did not move, and takes no part in those of a column', () => {
    const [own, column] = ['0/1', '*/0'].map((key) => sweepPatches(shapeOf()).find((one) => one.key === key))
    expect(own?.patch).toEqual({ layers: [0], positions: [1] })
    expect(column?.patch).toEqual({ layers: [1, 2], positions: [0] })
    expect(keys(shapeOf({ distances: new Array(12).fill(0) }))).toEqual([])
  })

  it('comes to what is on screen first, once, and to nothing outside the text', () => {
    const all = keys(shapeOf({ visible: [3, 9] }))
    expect(all.slice(all.indexOf('*/3') + 4)).toEqual(['2/3', '1/3', '2/2', '1/2'])
  })

  it('has no part that the head reads where it reads all', () => {
    expect(keys(shapeOf({ read: null })).some((key) => key.endsWith('/read'))).toBe(false)
  })

  it('goes on where it stopped', () => {
    const all = keys(shapeOf())
    const known = new Set(all.slice(0, 9))
    expect(keys(shapeOf(), (key) => known.has(key))).toEqual(all.slice(9))
  })
})

describe('batches of a sweep', () => {
  it('hold patches of one first layer, in even parts', () => {
    const patches = sweepPatches(shapeOf({ layers: 2, positions: 7, distances: new Array(14).fill(1) }))
    const sizes: string[] = []
    for (let rest = patches; rest.length > 0; ) {
      const { patches: some, cost } = nextBatch(rest, 2, 4)
      const from = Math.min(...some[0].patch.layers)
      expect(some.every(({ patch }) => Math.min(...patch.layers) === from)).toBe(true)
      expect(cost).toBe(from + some.length * (1 - from))
      sizes.push(`${from}:${some.length}`)
      rest = rest.slice(some.length)
    }
    expect(sizes).toEqual(['0:3', '1:3', '0:4', '0:3', '1:3', '1:2', '0:3', '0:2'])
  })

  it.each([48, 128])('of a text of %i tokens cost at most 0.55 of a forward a cell', (positions) => {
    const layers = 13
    const distances = Array.from({ length: layers * positions }, (_, i) => (i < positions && i !== 5 ? 0 : 1))
    const shape = { layers, positions, own: [5], read: 0, visible: [], distances }
    const cost = sweepCost(sweepPatches(shape), layers, rowsOf(positions))
    expect(cost / ((layers - 1) * layers * positions)).toBeLessThan(0.55)
  })
})
