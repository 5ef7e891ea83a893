import { useLayoutEffect, useRef, useState } from 'react'
import { mostOverlapping } from './density'
import type { PointColumns } from './pointLayer'
import type { View } from './scatterView'

/** Long enough that a hand which pans or zooms does not wait for the count. */
const SETTLED_MS = 140

/**
 * How many points overlap where most do, in the view once it has come to rest: the upper end of the density's scale.
 * While the view moves the former count stands, so a frame costs nothing.
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
      // New points are drawn at once, and on a scale of their own.
      counted.current = x
      count()
      return
    }
    const timer = setTimeout(count, SETTLED_MS)
    return () => clearTimeout(timer)
  }, [x, y, view, width, height, radius])
  return most
}
