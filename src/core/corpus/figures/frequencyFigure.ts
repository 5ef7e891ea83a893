import { NORMS, type Norm } from '../../measures/norm'
import { pearson, spearman } from '../../statistics/correlation'
import { columnOf, knowsSequences, shiftColumn } from '../records/recordColumns'
import { type ColumnValues, NONE, type RecordTable, type RecordTables } from '../records/records'
import type { TokenCounts } from '../run'
import type { FrequencyFigure } from './figures'

/** Number of least impactful positions that the paper counts in fig. 1. */
const LEAST_IMPACTFUL = 5
/** Number of most frequent tokens that Spearman's coefficient and the paper's share look at. */
export const MOST_FREQUENT = 20
const PAIRS: readonly (readonly [Norm, Norm])[] = [
  ['l2', 'l1'],
  ['l2', 'linf'],
  ['l1', 'linf'],
]

/**
 * Returns the rows with the smallest shift of each sequence, [sequences, k]; `NONE` where it has fewer. Ties by
 * position.
 */
function leastRows(occurrences: RecordTable, shift: ColumnValues, k: number, sequences: number): Uint32Array {
  const sequence = columnOf(occurrences, 'sequence')
  const position = columnOf(occurrences, 'position')
  const rows = new Uint32Array(sequences * k).fill(NONE)
  for (let row = 0; row < occurrences.rows; row++) {
    const value = shift[row]
    if (Number.isNaN(value)) continue
    const start = sequence[row] * k
    let slot = start + k
    while (slot > start) {
      const other = rows[slot - 1]
      const isBefore =
        other === NONE || value < shift[other] || (value === shift[other] && position[row] < position[other])
      if (!isBefore) break
      if (slot < start + k) rows[slot] = other
      slot--
    }
    if (slot < start + k) rows[slot] = row
  }
  return rows
}

function countTokens(rows: Uint32Array, tokenId: ColumnValues): Map<number, number> {
  const counted = new Map<number, number>()
  for (const row of rows) {
    if (row !== NONE) counted.set(tokenId[row], (counted.get(tokenId[row]) ?? 0) + 1)
  }
  return counted
}

const sumOf = (values: Iterable<number>) => {
  let sum = 0
  for (const value of values) sum += value
  return sum
}

/**
 * Computes experiment 1 (fig. 1): how often each token is among the positions of its sequence whose nearest
 * substitution shifts the embedding least, under each norm. The top 20 are those by count under l2, ties by id.
 *
 * @param leastImpactful positions a sequence; the paper's 5 for 0
 * @returns null if occurrences do not name their sequence, as in the shipped run, and if there are none
 */
export function frequencyFigure(
  tables: RecordTables,
  counts: TokenCounts,
  leastImpactful = LEAST_IMPACTFUL,
): FrequencyFigure | null {
  const { occurrences } = tables
  if (!knowsSequences(occurrences)) return null
  const sequence = columnOf(occurrences, 'sequence')
  const tokenId = columnOf(occurrences, 'token_id')
  let last = 0
  for (const index of sequence) if (index > last) last = index
  const k = leastImpactful > 0 ? leastImpactful : LEAST_IMPACTFUL
  const rowsOf = (norm: Norm) => leastRows(occurrences, columnOf(occurrences, shiftColumn(norm)), k, last + 1)
  const rows = { l1: rowsOf('l1'), l2: rowsOf('l2'), linf: rowsOf('linf') }
  const counted = {
    l1: countTokens(rows.l1, tokenId),
    l2: countTokens(rows.l2, tokenId),
    linf: countTokens(rows.linf, tokenId),
  }

  const corpusCounts = new Map<number, number>()
  counts.tokenIds.forEach((id, i) => {
    corpusCounts.set(id, counts.counts[i])
  })
  const total = sumOf(counts.counts)
  const union = new Set(NORMS.flatMap((norm) => [...counted[norm].keys()]))
  const tokens = [...union]
    .map((id) => ({
      tokenId: id,
      counts: {
        l1: counted.l1.get(id) ?? 0,
        l2: counted.l2.get(id) ?? 0,
        linf: counted.linf.get(id) ?? 0,
      },
      corpusShare: (corpusCounts.get(id) ?? 0) / total,
    }))
    .sort(
      ({ tokenId: a, counts: x }, { tokenId: b, counts: y }) =>
        y.l2 - x.l2 || y.l1 - x.l1 || y.linf - x.linf || a - b,
    )
  const top = [...tokens]
    .sort((a, b) => b.counts.l2 - a.counts.l2 || a.tokenId - b.tokenId)
    .slice(0, MOST_FREQUENT)
  const profile = (of: typeof tokens, norm: Norm) => of.map((token) => token.counts[norm])

  let sequences = 0
  for (let first = 0; first < rows.l2.length; first += k) if (rows.l2[first] !== NONE) sequences++
  return {
    sequences,
    tokens,
    agreement: PAIRS.map((norms) => ({
      norms,
      pearson: pearson(profile(tokens, norms[0]), profile(tokens, norms[1])),
      spearman: spearman(profile(top, norms[0]), profile(top, norms[1])),
    })),
    topShare: sumOf(profile(top, 'l2')) / sumOf(profile(tokens, 'l2')),
  }
}
