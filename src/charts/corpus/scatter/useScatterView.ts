import { useMemo, useState } from 'react'
import type { PointColumns } from './layers/pointLayer'
import { clampView, homeView, squareView, type View, zoomOf } from './scatterView'

export interface ScatterViewState {
  readonly home: View
  readonly view: View
  /** Zoom; 1 shows everything. */
  readonly zoom: number
  readonly zoomed: boolean
  changeView(change: (view: View, home: View) => View): void
  reset(): void
}

/**
 * Holds the view of a scatterplot. It shows everything, also points that are added, until it is moved; then it stays.
 *
 * @param square one scale for both axes
 */
export function useScatterView({ x, y }: PointColumns, square: boolean): ScatterViewState {
  const home = useMemo(() => {
    const whole = homeView(x, y)
    return square ? squareView(whole) : whole
  }, [x, y, square])
  const [moved, setMoved] = useState<View | null>(null)
  const view = useMemo(() => (moved ? clampView(moved, home) : home), [moved, home])
  return {
    home,
    view,
    zoom: zoomOf(view, home),
    zoomed: moved !== null,
    changeView: (change) => {
      setMoved((now) => {
        const next = change(now ? clampView(now, home) : home, home)
        return zoomOf(next, home) < 1.001 ? null : next
      })
    },
    reset: () => setMoved(null),
  }
}
