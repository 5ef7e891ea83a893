import type { ModelConfig } from '../../weights/modelConfig'
import type { Runtime, Session } from '../forward/runtime'

/** Rows of one product with the table, so that the scores, [V, rows] floats, do not grow with the text. */
const ROWS_PER_PRODUCT = 64

/** Ranks a token among all tokens by cosine with a hidden state. */
export interface RankTable {
  /**
   * @param states [q, d] row-major
   * @param targetIds [q]
   * @returns [q] 1 is the closest
   */
  ranks(states: Float32Array, targetIds: readonly number[]): Promise<Uint32Array>
}

export function createRankTable(runtime: Runtime, session: Session, { width }: ModelConfig): RankTable {
  return {
    async ranks(states, targetIds) {
      const ranks = new Uint32Array(targetIds.length)
      for (let start = 0; start < targetIds.length; start += ROWS_PER_PRODUCT) {
        const part = targetIds.slice(start, start + ROWS_PER_PRODUCT)
        const rows = states.subarray(start * width, (start + part.length) * width)
        const results = await session.run(
          {
            states: runtime.float(rows, [part.length, width]),
            target_ids: runtime.int64(part, [part.length]),
          },
          ['ranks'],
        )
        ranks.set(Array.from(results.ranks.data as BigInt64Array, Number), start)
      }
      return ranks
    },
  }
}
