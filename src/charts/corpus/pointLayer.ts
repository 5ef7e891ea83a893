import type { DensityColors } from './density'
import type { View } from './scatterView'

/** Points as columns; what is not finite is not drawn. */
export interface PointColumns {
  readonly x: Float32Array
  readonly y: Float32Array
  /** 1 marks points of the second colour; null for none. */
  readonly marked: Uint8Array | null
}

export interface PointStyle {
  readonly plain: DensityColors
  readonly marked: DensityColors
}

/** What one picture needs besides points and style. */
export interface PointFrame {
  readonly view: View
  /** Px of the page. */
  readonly width: number
  readonly height: number
  readonly pixelRatio: number
  /** Radius of a point, px of the page. */
  readonly radius: number
  /** Points that overlap where most do: the upper end of the scale. */
  readonly most: number
}

/** Draws points into a canvas. Calls are cheap and synchronous: the picture and what lies over it change together. */
export interface PointLayer {
  readonly kind: 'webgl' | 'canvas'
  /** Arrays are kept, not copied, so that they can be drawn again after the graphics context was lost. */
  setPoints(points: PointColumns): void
  /** Indices that stand out while the others step back; null for none. */
  setSelection(selected: Uint32Array | null): void
  setStyle(style: PointStyle): void
  draw(frame: PointFrame): void
  dispose(): void
}

/** What happens to a layer without being asked for. */
export interface PointLayerEvents {
  /** The graphics context is gone and the picture with it; `draw` does nothing until it comes back. */
  lost(): void
  /** It is back and has everything that was set: draw. */
  restored(): void
}

const MARKED = 1
const SELECTED = 2

/** One byte a point for the layers: marked, selected. */
export function pointFlags({ x, marked }: PointColumns, selected: Uint32Array | null): Uint8Array {
  const flags = new Uint8Array(x.length)
  if (marked) for (let i = 0; i < flags.length; i++) if (marked[i]) flags[i] = MARKED
  if (selected) for (const i of selected) if (i < flags.length) flags[i] |= SELECTED
  return flags
}

/** Sets the size of a canvas in device px; setting it, even to what it is, clears it. */
export function fitCanvas(canvas: HTMLCanvasElement, { width, height, pixelRatio }: PointFrame): void {
  const columns = Math.max(1, Math.round(width * pixelRatio))
  const rows = Math.max(1, Math.round(height * pixelRatio))
  if (canvas.width !== columns) canvas.width = columns
  if (canvas.height !== rows) canvas.height = rows
}

/** How far points that are not selected step back, as a factor of their opacity. */
export const UNSELECTED = 0.28
