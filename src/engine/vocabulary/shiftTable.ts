import { combineShifts } from '../../core/measures/shift'
import { substituteTokens } from '../../core/measures/substitution'
import { positionIdsOf } from '../forward/countedPositions'
import type { Runtime, Session } from '../forward/runtime'
import { shiftAt } from './wordTable'

/** Computes how far h_0 moves, without the encoder. */
export interface ShiftTable {
  /**
   * Returns [n, 3]: l1, l2, linf of h_0(x) - h_0(x') for each position when it alone is substituted: of its own row, and where a
   * token that positions leave out comes or goes, of all rows behind it too.
   */
  shifts(inputIds: readonly number[], substituteIds: readonly number[]): Promise<Float32Array>
}

/** @param uncounted ids that positions leave out */
export function createShiftTable(
  runtime: Runtime,
  session: Session,
  uncounted: ReadonlySet<number>,
): ShiftTable {
  async function rowShifts(
    inputIds: readonly number[],
    substituteIds: readonly number[],
    substitutePositions: readonly number[],
  ) {
    const n = [inputIds.length]
    const feeds = {
      input_ids: runtime.int64(inputIds, n),
      substitute_ids: runtime.int64(substituteIds, n),
      position_ids: runtime.int64(positionIdsOf(inputIds, uncounted), n),
      substitute_position_ids: runtime.int64(substitutePositions, n),
    }
    const { shifts } = await session.run(feeds, ['shifts'])
    return shifts.data as Float32Array
  }

  return {
    async shifts(inputIds, substituteIds) {
      const shifts = await rowShifts(inputIds, substituteIds, positionIdsOf(inputIds, uncounted))
      for (const [position, tokenId] of substituteIds.entries()) {
        if (uncounted.has(tokenId) === uncounted.has(inputIds[position])) continue
        const changed = substituteTokens(inputIds, [{ position, tokenId }])
        const rows = await rowShifts(inputIds, changed, positionIdsOf(changed, uncounted))
        const { l1, l2, linf } = combineShifts(inputIds.map((_, row) => shiftAt(rows, row)))
        shifts.set([l1, l2, linf], 3 * position)
      }
      return shifts
    },
  }
}
