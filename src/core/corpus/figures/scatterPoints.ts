import type { Norm } from '../../measures/norm'
import { columnOf, gather, rowsWhere, shiftColumn } from '../records/recordColumns'
import type { RecordTables } from '../records/records'
import type { TokenCounts } from '../run'
import { createCommonness } from './commonness'
import type { ScatterPoints } from './figures'

export interface ScatterOptions {
  readonly of: ScatterPoints['of']
  readonly norm: Norm
}

/**
 * Returns shift against commonness as points: one per occurrence, in the order of the records, or one per token type,
 * the mean of its occurrences (float64), in the order of their first. Occurrences without a shift (the filters left no
 * substitute) and tokens that the counts do not know are left out.
 */
export function scatterPoints(
  { occurrences }: RecordTables,
  counts: TokenCounts,
  { of, norm }: ScatterOptions,
): ScatterPoints {
  const commonness = createCommonness(counts)
  const tokenId = columnOf(occurrences, 'token_id')
  const shift = columnOf(occurrences, shiftColumn(norm))
  const rows = rowsWhere(
    occurrences,
    (row) => !Number.isNaN(shift[row]) && !Number.isNaN(commonness(tokenId[row])),
  )
  const common = (from: Uint32Array) => ({
    of,
    norm,
    tokenIds: gather(new Uint32Array(from.length), from, (row) => tokenId[row]),
    commonness: gather(new Float32Array(from.length), from, (row) => commonness(tokenId[row])),
    rows: from,
  })
  if (of === 'occurrences') {
    return {
      ...common(rows),
      shift: gather(new Float32Array(rows.length), rows, (row) => shift[row]),
      counts: new Uint32Array(rows.length).fill(1),
    }
  }
  const indices = new Map<number, number>()
  const first: number[] = []
  const occurring: number[] = []
  const sums: number[] = []
  for (const row of rows) {
    let index = indices.get(tokenId[row])
    if (index === undefined) {
      index = first.length
      indices.set(tokenId[row], index)
      first.push(row)
      occurring.push(0)
      sums.push(0)
    }
    occurring[index]++
    sums[index] += shift[row]
  }
  return {
    ...common(Uint32Array.from(first)),
    shift: Float32Array.from(sums, (sum, i) => sum / occurring[i]),
    counts: Uint32Array.from(occurring),
  }
}
