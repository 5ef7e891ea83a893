import type { ModelConfig } from '../../weights/modelConfig'
import type { Runtime, Session } from '../forward/runtime'

/** Rows of one product with the table, so that the scores, [V, rows] floats, do not grow with the text. */
const ROWS_PER_PRODUCT = 64

/** Gives rows of a word table, and ranks of its tokens by hidden states and by what maps make of these. */
export interface LearnedTable {
  /** Returns rows W_t, float [t, tableWidth]. */
  rows(tokenIds: readonly number[]): Promise<Float32Array>
  /**
   * @param states [q, d] row-major
   * @param mapped [q, tableWidth] row-major
   * @param targetIds [q]
   * @returns [q] ranks by l2 distance from the state, and by cosine with the mapped one; 1 is the closest
   */
  ranks(
    states: Float32Array,
    mapped: Float32Array,
    targetIds: readonly number[],
  ): Promise<{ readonly l2: Uint32Array; readonly learned: Uint32Array }>
}

export function createLearnedTable(
  runtime: Runtime,
  session: Session,
  rowSession: Session,
  { width }: Pick<ModelConfig, 'width'>,
): LearnedTable {
  const numbers = (data: unknown) => Array.from(data as BigInt64Array, Number)
  return {
    async rows(tokenIds) {
      const results = await rowSession.run({ row_ids: runtime.int64(tokenIds, [tokenIds.length]) }, ['rows'])
      return results.rows.data as Float32Array
    },
    async ranks(states, mapped, targetIds) {
      const count = targetIds.length
      const tableWidth = mapped.length / count
      const found = { l2: new Uint32Array(count), learned: new Uint32Array(count) }
      for (let start = 0; start < count; start += ROWS_PER_PRODUCT) {
        const part = targetIds.slice(start, start + ROWS_PER_PRODUCT)
        const end = start + part.length
        const { l2_ranks, learned_ranks } = await session.run(
          {
            states: runtime.float(states.subarray(start * width, end * width), [part.length, width]),
            mapped: runtime.float(mapped.subarray(start * tableWidth, end * tableWidth), [
              part.length,
              tableWidth,
            ]),
            target_ids: runtime.int64(part, [part.length]),
          },
          ['l2_ranks', 'learned_ranks'],
        )
        found.l2.set(numbers(l2_ranks.data), start)
        found.learned.set(numbers(learned_ranks.data), start)
      }
      return found
    },
  }
}
