import type { Norm } from '../../measures/norm'
import { linearRegression } from '../../statistics/linearRegression'
import { meanInterval } from '../../statistics/mean'
import { columnOf, knowsSequences, shiftColumn } from '../records/recordColumns'
import type { RecordTable, RecordTables } from '../records/records'
import type { TokenCounts } from '../run'
import { createCommonness } from './commonness'
import type { CommonnessFigure } from './figures'

const BINS = 10
const SEQUENCES_A_BIN = 50

/** Computes one round of MurmurHash3 (Appleby) with its finalizer: the next state from a state and a key. */
function mix(state: number, key: number): number {
  let k = Math.imul(key, 0xcc9e2d51)
  k = Math.imul((k << 15) | (k >>> 17), 0x1b873593)
  let h = state ^ k
  h = Math.imul((h << 13) | (h >>> 19), 5) + 0xe6546b64
  h = Math.imul(h ^ (h >>> 16), 0x85ebca6b)
  h = Math.imul(h ^ (h >>> 13), 0xc2b2ae35)
  return (h ^ (h >>> 16)) >>> 0
}

/** Groups the rows by token: those of the token `ids[i]` are `rows[starts[i]..starts[i + 1]]`. */
function groupByToken(occurrences: RecordTable) {
  const tokenId = columnOf(occurrences, 'token_id')
  const indices = new Map<number, number>()
  const indexOfRow = new Uint32Array(occurrences.rows)
  for (let row = 0; row < occurrences.rows; row++) {
    let index = indices.get(tokenId[row])
    if (index === undefined) {
      index = indices.size
      indices.set(tokenId[row], index)
    }
    indexOfRow[row] = index
  }
  const starts = new Uint32Array(indices.size + 1)
  for (const index of indexOfRow) starts[index + 1]++
  for (let i = 0; i < indices.size; i++) starts[i + 1] += starts[i]
  const next = starts.slice()
  const rows = new Uint32Array(occurrences.rows)
  for (let row = 0; row < occurrences.rows; row++) rows[next[indexOfRow[row]]++] = row
  return { ids: [...indices.keys()], starts, rows }
}

/**
 * Picks rows of a bin: its tokens in an order drawn by the seed, for each one occurrence drawn by the seed among those in
 * sequences not yet used in the bin, until the bin has its number of sequences.
 */
function createPicker(occurrences: RecordTable, shift: ArrayLike<number>, seed: number) {
  const { ids, starts, rows } = groupByToken(occurrences)
  const sequence = columnOf(occurrences, 'sequence')
  const position = columnOf(occurrences, 'position')
  const drawOfToken = ids.map((id) => mix(seed, id))

  function pickOccurrence(token: number, used: ReadonlySet<number>): number | null {
    let best: number | null = null
    let bestDraw = 0
    for (let i = starts[token]; i < starts[token + 1]; i++) {
      const row = rows[i]
      if (used.has(sequence[row]) || Number.isNaN(shift[row])) continue
      const draw = mix(mix(drawOfToken[token], sequence[row]), position[row])
      const isFirst =
        best === null ||
        draw < bestDraw ||
        (draw === bestDraw && (sequence[row] - sequence[best] || position[row] - position[best]) < 0)
      if (isFirst) {
        best = row
        bestDraw = draw
      }
    }
    return best
  }

  return {
    ids,
    /** @param tokens indices into `ids` */
    pick(tokens: readonly number[]): number[] {
      const order = [...tokens].sort((a, b) => drawOfToken[a] - drawOfToken[b] || ids[a] - ids[b])
      const used = new Set<number>()
      const picked: number[] = []
      for (const token of order) {
        if (picked.length === SEQUENCES_A_BIN) break
        const row = pickOccurrence(token, used)
        if (row === null) continue
        used.add(sequence[row])
        picked.push(row)
      }
      return picked
    },
  }
}

/**
 * Computes experiment 2 (fig. 2), shift against commonness. Each bin of commonness takes up to 50 points, each another
 * token in another sequence; bins with fewer token types, the common ones, hold fewer. The line is fitted to all points
 * as they are returned (float32).
 *
 * Draws are hashes (MurmurHash3) of seed, token, sequence and position rather than a stream of numbers: they depend
 * neither on the order of the records nor on what else was drawn.
 *
 * @returns null if occurrences do not name their sequence, as in the shipped run, and if there are none
 */
export function commonnessFigure(
  tables: RecordTables,
  counts: TokenCounts,
  norm: Norm,
  seed: number,
): CommonnessFigure | null {
  const { occurrences } = tables
  if (!knowsSequences(occurrences)) return null
  const commonness = createCommonness(counts)
  const shift = columnOf(occurrences, shiftColumn(norm))
  const tokenId = columnOf(occurrences, 'token_id')
  const picker = createPicker(occurrences, shift, seed)
  const binned: number[][] = Array.from({ length: BINS }, () => [])
  picker.ids.forEach((id, token) => {
    const value = commonness(id)
    if (!Number.isNaN(value)) binned[Math.min(BINS - 1, Math.floor(value * BINS))].push(token)
  })
  const picked = binned.map((tokens) => picker.pick(tokens))
  const rows = picked.flat()
  const points = {
    commonness: Float32Array.from(rows, (row) => commonness(tokenId[row])),
    shift: Float32Array.from(rows, (row) => shift[row]),
    tokenIds: Uint32Array.from(rows, (row) => tokenId[row]),
  }
  return {
    norm,
    bins: picked.map((inBin, bin) => {
      const { n, mean, low, high } = meanInterval(inBin.map((row) => shift[row]))
      return { from: bin / BINS, to: (bin + 1) / BINS, n, mean, low, high }
    }),
    regression: linearRegression(points.commonness, points.shift),
    points,
  }
}
