import { useLayoutEffect, useRef, useState } from 'react'
import { mostOverlapping } from './density'
import type { PointColumns } from './layers/pointLayer'
import type { View } from './scatterView'

/** Delay, ms, long enough that a pan or a zoom does not wait for the count. */
const SETTLED_MS = 140

/**
 * Counts the largest number of points that overlap in the view once it is at rest: the upper end of the density's
 * scale. While the view moves the former count is used, so that a frame costs nothing.
 */
export function useMostOverlapping(
  { x, y }: PointColumns,
  view: View,
  width: number,
  height: number,
  radius: number,
): number {
  const [most, setMost] = useState(1)
  const counted = useRef<Float32Array | null>(null)
  useLayoutEffect(() => {
    if (width <= 0) return
    const count = () => setMost(mostOverlapping(x, y, view, { width, height }, radius))
    if (counted.current !== x) {
      // New points are drawn at once, and on their own scale.
      counted.current = x
      count()
      return
    }
    const timer = setTimeout(count, SETTLED_MS)
    return () => clearTimeout(timer)
  }, [x, y, view, width, height, radius])
  return most
}
