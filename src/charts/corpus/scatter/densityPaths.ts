import type { Box } from '../../line/curveLabels'
import { densityRamp, densityShare, FAINTEST, FAINTEST_MARKED } from './density'
import type { PointColumns, PointStyle } from './layers/pointLayer'
import type { View } from './scatterView'

/** Holds the squares of one density as one path. */
export interface DensityPath {
  readonly id: string
  readonly d: string
  readonly fill: string
  readonly opacity: number
}

const CELL = 2
const LEVELS = 10

/**
 * Returns the points of a view as squares of 2 px, one path for each level of density, which a file shows in place of
 * the canvas. Its size is bounded by the plot, not by the number of points.
 */
export function densityPaths(points: PointColumns, view: View, plot: Box, style: PointStyle): DensityPath[] {
  const columns = Math.max(1, Math.floor((plot.right - plot.left) / CELL))
  const rows = Math.max(1, Math.floor((plot.bottom - plot.top) / CELL))
  const counts = { plain: new Uint32Array(columns * rows), marked: new Uint32Array(columns * rows) }
  const { x, y, marked } = points
  let most = 1
  for (let i = 0; i < x.length; i++) {
    const column = ((x[i] - view.x[0]) / (view.x[1] - view.x[0])) * columns
    const row = ((view.y[1] - y[i]) / (view.y[1] - view.y[0])) * rows
    // False for NaN.
    if (!(column >= 0 && row >= 0 && column < columns && row < rows)) continue
    const of = marked?.[i] ? counts.marked : counts.plain
    const count = ++of[Math.floor(row) * columns + Math.floor(column)]
    if (count > most) most = count
  }

  return (['plain', 'marked'] as const).flatMap((kind) => {
    const paths = Array.from({ length: LEVELS }, () => '')
    for (let row = 0; row < rows; row++) {
      for (let column = 0; column < columns; ) {
        const level = levelOf(counts[kind][row * columns + column], most)
        let end = column + 1
        while (end < columns && levelOf(counts[kind][row * columns + end], most) === level) end++
        if (level >= 0) {
          const width = (end - column) * CELL
          paths[level] += `M${plot.left + column * CELL},${plot.top + row * CELL}h${width}v${CELL}h${-width}z`
        }
        column = end
      }
    }
    const ramp = densityRamp(style[kind], kind === 'marked' ? FAINTEST_MARKED : FAINTEST)
    return paths.flatMap((d, level) => {
      if (d === '') return []
      const at = 4 * Math.round(((level + 0.5) / LEVELS) * 255)
      const fill = `rgb(${ramp[at]}, ${ramp[at + 1]}, ${ramp[at + 2]})`
      return [{ id: `${kind}${level}`, d, fill, opacity: Math.round(ramp[at + 3] / 2.55) / 100 }]
    })
  })
}

function levelOf(count: number, most: number): number {
  return count === 0 ? -1 : Math.min(LEVELS - 1, Math.floor(densityShare(count, most) * LEVELS))
}
