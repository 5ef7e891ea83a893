import { useEffect, useMemo, useState } from 'react'
import { createPointGrid, type Place } from './layers/pointGrid'
import type { PointColumns } from './layers/pointLayer'
import { orderByX } from './layers/pointOrder'
import type { View } from './scatterView'

export interface PointCursor {
  readonly point: number
  readonly by: 'pointer' | 'keyboard'
}

/** Returns a function that computes its value when it is first called. */
function once<T>(compute: () => T): () => T {
  let value: { readonly result: T } | null = null
  return () => {
    value ??= { result: compute() }
    return value.result
  }
}

/**
 * Tracks the current point, by pointer or by keyboard. The indices that find a point are built at the first search,
 * because most plots are never touched.
 *
 * @param onMove called with another point, or with none
 */
export function usePointCursor(
  { x, y }: PointColumns,
  home: View,
  onMove: ((point: number | null) => void) | undefined,
) {
  const grid = useMemo(() => once(() => createPointGrid(x, y, home)), [x, y, home])
  const order = useMemo(() => once(() => orderByX(x, y)), [x, y])
  const [at, setCursor] = useState<PointCursor | null>(null)
  const cursor = at && at.point < x.length ? at : null
  const point = cursor?.point ?? null
  useEffect(() => onMove?.(point), [onMove, point])

  return {
    cursor,
    /** Returns the index of the cursor among the points by x, or -1. */
    rank: () => (cursor ? order().indexOf(cursor.point) : -1),
    clear: () => setCursor(null),
    /** Returns the points inside a shape, ascending. */
    inside: (shape: readonly Place[]) => grid().inside(shape),
    /** Moves the cursor to the nearest point within reach. @returns it, or -1 */
    pointTo: (place: Place | null, reach: readonly [number, number]): number => {
      const found = place ? grid().nearest(place, reach) : -1
      setCursor((now) => {
        if (found < 0) return now?.by === 'keyboard' ? now : null
        return now?.point === found ? now : { point: found, by: 'pointer' }
      })
      return found
    },
    /** Moves the cursor to a point by its index among the points by x. @returns it, or -1 if there are none */
    walkTo: (rank: number): number => {
      const all = order()
      if (all.length === 0) return -1
      const next = all[Math.max(0, Math.min(all.length - 1, rank))]
      setCursor({ point: next, by: 'keyboard' })
      return next
    },
  }
}
