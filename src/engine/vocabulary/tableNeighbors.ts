import {
  everyMeasure,
  TABLE_MEASURES,
  type TableMeasure,
  type TableNeighbors,
} from '../../core/measures/tableGeometry'
import type { ModelConfig } from '../../weights/modelConfig'
import type { Runtime, Session } from '../forward/runtime'

/** Number of rows fetched beyond the token itself and its k nearest, so that fp32 cannot push a near one out. */
const MARGIN = 8

/** Numbers of rows that one product fetches, at most: they are copied out of the runtime. */
const MOST_NUMBERS = 2 ** 21

/** Score of a row that is left out; far below any that a row of weights has. */
const LEFT_OUT = -1e30

/** Least norm, as in the graphs: the cosine of a row of zeros is 0. */
const SMALLEST_NORM = 1e-12

/** Finds the nearest rows of a word table's own rows. */
export interface TableNeighborFinder {
  /**
   * @param tokenIds rows to ask about
   * @param isCounted says which rows may be neighbours
   * @param k fewer than the rows that are counted
   */
  nearest(
    tokenIds: readonly number[],
    isCounted: (tokenId: number) => boolean,
    k: number,
  ): Promise<TableNeighbors>
}

/** Holds a candidate with what makes it near, in float64. */
interface Near {
  readonly id: number
  readonly cosine: number
  readonly score: Readonly<Record<TableMeasure, number>>
}

const normOf = (row: Float32Array) => {
  let squares = 0
  for (let i = 0; i < row.length; i++) squares += row[i] * row[i]
  return Math.max(Math.sqrt(squares), SMALLEST_NORM)
}

function nearOf(id: number, row: Float32Array, own: Float32Array, ownNorm: number): Near {
  let dot = 0
  let squares = 0
  for (let i = 0; i < row.length; i++) {
    const difference = row[i] - own[i]
    dot += row[i] * own[i]
    squares += difference * difference
  }
  const cosine = dot / (normOf(row) * ownNorm)
  return { id, cosine, score: { cosine, l2: -squares, dot } }
}

/** @param config `width` is at least that of the table */
export function createTableNeighborFinder(
  runtime: Runtime,
  session: Session,
  { vocabularySize, width }: Pick<ModelConfig, 'vocabularySize' | 'width'>,
): TableNeighborFinder {
  async function candidatesOf(tokenIds: readonly number[], penalties: Float32Array, fetched: number) {
    const results = await session.run(
      {
        token_ids: runtime.int64(tokenIds, [tokenIds.length]),
        penalties: runtime.float(penalties, [vocabularySize, 1]),
        k: runtime.int64([fetched], [1]),
      },
      [...TABLE_MEASURES.map((measure) => `${measure}_ids`), 'rows'],
    )
    return {
      ids: everyMeasure((measure) => Array.from(results[`${measure}_ids`].data as BigInt64Array, Number)),
      rows: results.rows.data as Float32Array,
    }
  }

  return {
    async nearest(tokenIds, isCounted, k) {
      const fetched = Math.min(k + 1 + MARGIN, vocabularySize)
      const perToken = 1 + TABLE_MEASURES.length * fetched
      const perCall = Math.max(1, Math.floor(MOST_NUMBERS / (perToken * width)))
      const penalties = Float32Array.from({ length: vocabularySize }, (_, id) =>
        isCounted(id) ? 0 : LEFT_OUT,
      )
      const ids = everyMeasure(() => new Uint32Array(tokenIds.length * k))
      const cosines = new Float64Array(tokenIds.length * k)
      let unitSum = new Float64Array(0)

      for (let start = 0; start < tokenIds.length; start += perCall) {
        const part = tokenIds.slice(start, start + perCall)
        const found = await candidatesOf(part, penalties, fetched)
        const tableWidth = found.rows.length / (part.length * perToken)
        if (unitSum.length === 0) unitSum = new Float64Array(tableWidth)
        for (const [i, tokenId] of part.entries()) {
          const rowAt = (place: number) => {
            const from = (i * perToken + place) * tableWidth
            return found.rows.subarray(from, from + tableWidth)
          }
          const own = rowAt(0)
          const norm = normOf(own)
          for (let d = 0; d < tableWidth; d++) unitSum[d] += own[d] / norm
          for (const [block, measure] of TABLE_MEASURES.entries()) {
            const nearest = found.ids[measure]
              .slice(i * fetched, (i + 1) * fetched)
              .map((id, place) => ({ id, place: 1 + block * fetched + place }))
              .filter(({ id }) => id !== tokenId && isCounted(id))
              .map(({ id, place }) => nearOf(id, rowAt(place), own, norm))
              .sort((a, b) => b.score[measure] - a.score[measure] || a.id - b.id)
              .slice(0, k)
            for (const [rank, { id, cosine }] of nearest.entries()) {
              ids[measure][(start + i) * k + rank] = id
              if (measure === 'cosine') cosines[(start + i) * k + rank] = cosine
            }
          }
        }
      }
      return { tokenIds: Uint32Array.from(tokenIds), ids, cosines, unitSum }
    },
  }
}
