import { densityRamp, densityShare, FAINTEST_MARKED } from '../density'
import {
  fitCanvas,
  type PointColumns,
  type PointFrame,
  type PointLayer,
  type PointStyle,
  pointFlags,
  UNSELECTED,
} from './pointLayer'

/** Holds the pixels of a picture, with the number of points of each kind that cover them. */
interface Coverage {
  readonly plain: Uint16Array
  readonly marked: Uint16Array
  readonly selected: Uint16Array
}

/** Counts points by device px, each as a square of a point's size. */
function cover(
  { x, y }: PointColumns,
  flags: Uint8Array,
  { view, width, height, pixelRatio, radius }: PointFrame,
  columns: number,
  rows: number,
): Coverage {
  const size = columns * rows
  const coverage = {
    plain: new Uint16Array(size),
    marked: new Uint16Array(size),
    selected: new Uint16Array(size),
  }
  const side = Math.max(1, Math.round(radius * pixelRatio * 1.8))
  const across = (width * pixelRatio) / (view.x[1] - view.x[0])
  const down = (height * pixelRatio) / (view.y[1] - view.y[0])
  for (let i = 0; i < x.length; i++) {
    const left = Math.round((x[i] - view.x[0]) * across - side / 2)
    const top = Math.round((view.y[1] - y[i]) * down - side / 2)
    // False for NaN.
    if (!(left > -side && top > -side && left < columns && top < rows)) continue
    const counts = flags[i] & 1 ? coverage.marked : coverage.plain
    for (let r = Math.max(0, top); r < Math.min(rows, top + side); r++) {
      for (let c = Math.max(0, left); c < Math.min(columns, left + side); c++) {
        const at = r * columns + c
        if (counts[at] < 0xffff) counts[at]++
        if (flags[i] & 2) coverage.selected[at] = 1
      }
    }
  }
  return coverage
}

/**
 * Creates a layer that draws the same picture as the WebGL layer, by counting on the processor; null without a 2D
 * context.
 */
export function createCanvasLayer(canvas: HTMLCanvasElement): PointLayer | null {
  const context = canvas.getContext('2d')
  if (!context) return null
  let points: PointColumns = { x: new Float32Array(0), y: new Float32Array(0), marked: null }
  let selected: Uint32Array | null = null
  let ramps: { plain: Uint8Array; marked: Uint8Array } | null = null

  function paint(coverage: Coverage, image: ImageData, most: number) {
    if (!ramps) return
    const { plain, marked, selected: chosen } = coverage
    for (let at = 0; at < plain.length; at++) {
      const count = plain[at] + marked[at]
      if (count === 0) continue
      const ramp = marked[at] > 0 ? ramps.marked : ramps.plain
      const step = 4 * Math.round(255 * densityShare(count, most))
      const opacity = selected && !chosen[at] ? UNSELECTED : 1
      image.data.set(ramp.subarray(step, step + 3), at * 4)
      image.data[at * 4 + 3] = ramp[step + 3] * opacity
    }
  }

  return {
    kind: 'canvas',
    setPoints: (next) => {
      points = next
    },
    setSelection: (next) => {
      selected = next
    },
    setStyle: ({ plain, marked }: PointStyle) => {
      ramps = { plain: densityRamp(plain), marked: densityRamp(marked, FAINTEST_MARKED) }
    },
    draw: (frame) => {
      fitCanvas(canvas, frame)
      const { width: columns, height: rows } = canvas
      const image = context.createImageData(columns, rows)
      paint(cover(points, pointFlags(points, selected), frame, columns, rows), image, frame.most)
      context.putImageData(image, 0, 0)
    },
    dispose: () => {
      points = { x: new Float32Array(0), y: new Float32Array(0), marked: null }
      canvas.width = 0
    },
  }
}
