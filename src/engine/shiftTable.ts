import type { Runtime, Session } from './runtime'

/** Computes how far the rows of h_0 move, without the encoder. */
export interface ShiftTable {
  /** Returns [n, 3]: l1, l2, linf at each position when it alone is substituted. */
  shifts(inputIds: readonly number[], substituteIds: readonly number[]): Promise<Float32Array>
}

export function createShiftTable(runtime: Runtime, session: Session): ShiftTable {
  return {
    async shifts(inputIds, substituteIds) {
      const n = [inputIds.length]
      const feeds = {
        input_ids: runtime.int64(inputIds, n),
        substitute_ids: runtime.int64(substituteIds, n),
        position_ids: runtime.int64([...inputIds.keys()], n),
      }
      const { shifts } = await session.run(feeds, ['shifts'])
      return shifts.data as Float32Array
    },
  }
}
