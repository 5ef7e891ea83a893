import { dodge } from './dodge'

interface LayerPoint {
  readonly layer: number
  readonly x: number
  readonly y: number
}

interface PointedLine<P extends LayerPoint> {
  readonly points: readonly P[]
}

interface LineChart<L> {
  readonly lines: readonly L[]
  readonly plot: { readonly top: number; readonly right: number; readonly bottom: number }
  xOf(layer: number): number
}

/** Holds a value next to its point, for the layer under the cursor. */
export interface LineReading<L, P> {
  readonly line: L
  readonly point: P
  readonly x: number
  readonly y: number
  readonly anchor: 'start' | 'end'
}

/**
 * Returns the value of every line at one layer, top to bottom, each placed where it does not cover another.
 *
 * @param room px that a reading needs to the right of its point; with less it is placed to the left
 */
export function lineReadings<P extends LayerPoint, L extends PointedLine<P>>(
  { lines, plot, xOf }: LineChart<L & PointedLine<P>>,
  layer: number,
  room: number,
): LineReading<L, P>[] {
  const here = lines.flatMap((line) => {
    const point = line.points.find((candidate) => candidate.layer === layer)
    return point ? [{ line, point }] : []
  })
  const places = dodge(
    here.map(({ point }) => point.y),
    14,
    [plot.top - 4, plot.bottom - 6],
  )
  const before = xOf(layer) > plot.right - room
  return here
    .map(({ line, point }, i) => ({
      line,
      point,
      x: point.x + (before ? -11 : 11),
      y: places[i],
      anchor: before ? ('end' as const) : ('start' as const),
    }))
    .sort((a, b) => a.y - b.y)
}
