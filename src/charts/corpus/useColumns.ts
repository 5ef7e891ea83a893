import { useMemo } from 'react'
import type { PointColumns } from './scatter/layers/pointLayer'

const NOTHING = new Float32Array(0)

/** Returns columns as one value that changes only when one of them does. */
export function useColumns(
  x: Float32Array = NOTHING,
  y: Float32Array = NOTHING,
  marked: Uint8Array | null = null,
): PointColumns {
  return useMemo(() => ({ x, y, marked }), [x, y, marked])
}
