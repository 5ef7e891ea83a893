import { csvParse } from 'd3-dsv'
import { describe, expect, it } from 'vitest'
import { layerwiseDistances, type Measurement } from '../measures/measurement'
import { formatComparisonCsv } from './comparisonExport'
import { type ComparedSide, comparedNumber, comparisonTable } from './comparisonTable'
import { layerPairs } from './layerPairs'

/** Returns a measurement of one token per sequence: each layer's distance and norm are the numbers given. */
function measured(distances: readonly number[], logits: Measurement['logits'] = null): ComparedSide {
  const norms = Float32Array.from(distances, (_, layer) => 2 + layer)
  return {
    labels: ['NEGATIVE', 'POSITIVE'],
    cosine: 0.5,
    measurement: {
      substitutions: [{ position: 0, tokenId: 1 }],
      layers: distances.length,
      positions: 1,
      distances: Float32Array.from(distances),
      originalNorms: norms,
      perturbedNorms: norms,
      shift: { l1: 4, l2: distances[0], linf: 1 },
      logits,
      provenance: { modelId: 'm', sha256: '', precision: '', device: '', shipped: false },
    },
  }
}

describe('layers of two models', () => {
  it('of as many layers stand beside each other', () => {
    expect(layerPairs(2, 2)).toEqual([
      { depth: 0, first: 0, second: 0 },
      { depth: 0.5, first: 1, second: 1 },
      { depth: 1, first: 2, second: 2 },
    ])
    expect(layerPairs(0, 0)).toEqual([{ depth: 0, first: 0, second: 0 }])
  })

  it('of different depth stand at the nearest relative depth, every layer of the deeper once', () => {
    expect(layerPairs(3, 12).map(({ first, second }) => `${first} ${second}`)).toEqual([
      '0 0',
      '0 1',
      '1 2',
      '1 3',
      '1 4',
      '1 5',
      '2 6',
      '2 7',
      '2 8',
      '2 9',
      '3 10',
      '3 11',
      '3 12',
    ])
    expect(layerPairs(12, 3).map(({ first }) => first)).toEqual(Array.from({ length: 13 }, (_, i) => i))
  })
})

describe('the table of two sides', () => {
  it('has difference and ratio of what both have, and nothing of what one lacks', () => {
    expect(comparedNumber(2, 3)).toEqual({ first: 2, second: 3, difference: 1, ratio: 1.5 })
    expect(comparedNumber(0, 3)).toEqual({ first: 0, second: 3, difference: 3, ratio: null })
    expect(comparedNumber(null, 3)).toEqual({ first: null, second: 3, difference: null, ratio: null })
    expect(comparedNumber(2, Number.NaN)).toEqual({ first: 2, second: null, difference: null, ratio: null })
  })

  const first = measured([1, 2, 4], { before: [0, 1], after: [1, 0] })
  const second = measured([2, 3, 5, 6, 9])
  const table = comparisonTable(first, second)

  it('takes D_l and D_l / |h_l| of both from their measurements', () => {
    const [ours, theirs] = [layerwiseDistances(first.measurement), layerwiseDistances(second.measurement)]
    for (const { layers, distance, relative } of table.layers) {
      expect(distance).toEqual(comparedNumber(ours[layers.first].distance, theirs[layers.second].distance))
      expect(relative).toEqual(comparedNumber(ours[layers.first].relative, theirs[layers.second].relative))
    }
    expect(table.lastDistance).toEqual({ first: 4, second: 9, difference: 5, ratio: 2.25 })
    expect(table.lastRelative).toMatchObject({ first: 1, second: 1.5 })
    expect(table.shift.l2).toEqual({ first: 1, second: 2, difference: 1, ratio: 2 })
    expect(table.predictions.first).toMatchObject({ flips: true, labels: ['NEGATIVE', 'POSITIVE'] })
    expect(table.predictions.second).toBeNull()
  })

  it('is written as CSV, a row a measure and a row a layer and measure', () => {
    const rows = csvParse(formatComparisonCsv(table, { first: '=film → movie', second: 'Ġfilm → Ġmovie' }))
    expect(rows[0]).toMatchObject({ measure: 'substitutions', first: '=film → movie' })
    expect(rows.find(({ measure }) => measure === 'label_flips')).toMatchObject({ first: 'true', second: '' })
    const distances = rows.filter(({ measure }) => measure === 'distance')
    expect(
      distances.map((row) => [row.first_layer, row.second_layer, row.first, row.second, row.ratio]),
    ).toEqual(
      table.layers.map(({ layers, distance }) =>
        [layers.first, layers.second, distance.first, distance.second, distance.ratio].map(String),
      ),
    )
  })
})
