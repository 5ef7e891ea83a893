import { meanInterval } from '../statistics/mean'
import type { PairsFigure } from './figures'
import { layerColumns } from './recordColumns'
import { pairColumn, type RecordTables } from './records'

/**
 * Computes experiment 5: two substitutions at once against the sum of each alone, D_l(a + b) / (D_l(a) + D_l(b)) by
 * layer. A pair of which neither substitution changes a layer has no ratio there and does not count in its n.
 *
 * @returns null without such records
 */
export function pairsFigure({ pairs }: RecordTables): PairsFigure | null {
  if (pairs.rows === 0) return null
  const columns = (part: 'first' | 'second' | 'both') =>
    layerColumns(pairs, (layer) => pairColumn(part, layer))
  const firsts = columns('first')
  const seconds = columns('second')
  const boths = columns('both')
  const layers = boths.map((both, layer) => {
    const ratios = new Float64Array(pairs.rows)
    let n = 0
    let superAdditive = 0
    for (let row = 0; row < pairs.rows; row++) {
      const ratio = both[row] / (firsts[layer][row] + seconds[layer][row])
      if (!Number.isFinite(ratio)) continue
      ratios[n++] = ratio
      if (ratio > 1) superAdditive++
    }
    const { mean, low, high } = meanInterval(ratios.subarray(0, n))
    return { layer, n, ratio: mean, low, high, superAdditiveShare: n > 0 ? superAdditive / n : Number.NaN }
  })
  const last = boths.length - 1
  return {
    layers,
    points: {
      sum: Float32Array.from(firsts[last], (first, row) => first + seconds[last][row]),
      both: Float32Array.from(boths[last]),
    },
  }
}
