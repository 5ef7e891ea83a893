import { pearson } from '../../statistics/correlation'
import { meanInterval, meanOf } from '../../statistics/mean'
import { columnOf, layerColumns, rowsWhere } from '../records/recordColumns'
import { type PairPart, pairColumn, type RecordTable, type RecordTables } from '../records/records'
import { PLACES, type Place } from '../runSettings'
import type { PairEffect, PairKind, PairLayer, PairsFigure } from './figures'

const distancesOf = (pairs: RecordTable, part: PairPart) =>
  layerColumns(pairs, (layer) => pairColumn(part, layer))

function layersOf(pairs: RecordTable, rows: Uint32Array): PairLayer[] {
  const firsts = distancesOf(pairs, 'first')
  const seconds = distancesOf(pairs, 'second')
  return distancesOf(pairs, 'both').map((both, layer) => {
    const ratios = new Float64Array(rows.length)
    let n = 0
    let superAdditive = 0
    for (const row of rows) {
      const ratio = both[row] / (firsts[layer][row] + seconds[layer][row])
      if (!Number.isFinite(ratio)) continue
      ratios[n++] = ratio
      if (ratio > 1) superAdditive++
    }
    const { mean, low, high } = meanInterval(ratios.subarray(0, n))
    return { layer, n, ratio: mean, low, high, superAdditiveShare: n > 0 ? superAdditive / n : Number.NaN }
  })
}

function effectOf(pairs: RecordTable, rows: Uint32Array): PairEffect | null {
  const before = columnOf(pairs, 'probability_before')
  const [first, second, both] = (['first', 'second', 'both'] as const).map((part) => {
    const after = columnOf(pairs, `probability_${part}`)
    return (row: number) => after[row] - before[row]
  })
  const known = rows.filter((row) => Number.isFinite(both(row)))
  if (known.length === 0) return null
  const together = Float64Array.from(known, both)
  const sum = Float64Array.from(known, (row) => first(row) + second(row))
  const { mean, low, high } = meanInterval(together.map((value, i) => Math.abs(value) - Math.abs(sum[i])))
  return {
    n: known.length,
    pearson: pearson(sum, together),
    both: meanOf(together.map(Math.abs)),
    sum: meanOf(sum.map(Math.abs)),
    excess: mean,
    low,
    high,
  }
}

/** The order in which kinds of pairs are shown. */
const SHOWN: readonly Place[] = ['random', 'least-impactful']

/**
 * Computes experiment 5: two substitutions at once against the sum of each alone, D_l(a + b) / (D_l(a) + D_l(b)) by
 * layer and the same of the prediction, at random pairs of positions and at the least impactful ones. A pair of which
 * neither substitution changes a layer has no ratio there and does not count in its n.
 *
 * @returns null without such records
 */
export function pairsFigure({ pairs }: RecordTables): PairsFigure | null {
  const place = columnOf(pairs, 'place')
  const rowsOf = (of: Place) => rowsWhere(pairs, (row) => place[row] === PLACES.indexOf(of))
  const kinds = SHOWN.flatMap((of): PairKind[] => {
    const rows = rowsOf(of)
    return rows.length === 0
      ? []
      : [{ place: of, layers: layersOf(pairs, rows), effect: effectOf(pairs, rows) }]
  })
  if (kinds.length === 0) return null
  const [first, second, both] = (['first', 'second', 'both'] as const).map(
    (part) => distancesOf(pairs, part).at(-1) ?? new Float32Array(pairs.rows),
  )
  const rows = rowsOf(kinds[0].place)
  return {
    kinds,
    points: {
      sum: Float32Array.from(rows, (row) => first[row] + second[row]),
      both: Float32Array.from(rows, (row) => both[row]),
    },
  }
}
