import type { DensityColors } from '../density'
import type { View } from '../scatterView'

/** Holds points as columns; one that is not finite is not drawn. */
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

/** Holds the values that one picture needs, apart from points and style. */
export interface PointFrame {
  readonly view: View
  /** Size in px of the page. */
  readonly width: number
  readonly height: number
  readonly pixelRatio: number
  /** Radius of a point, px of the page. */
  readonly radius: number
  /** Largest number of points that overlap: the upper end of the scale. */
  readonly most: number
}

/** Draws points into a canvas. Calls are cheap and synchronous: the picture and the drawing over it change together. */
export interface PointLayer {
  readonly kind: 'webgl' | 'canvas'
  /**
   * Sets the points. The arrays are held, not copied, so that they can be drawn again after the graphics context was
   * lost.
   */
  setPoints(points: PointColumns): void
  /** Indices of the selected points, drawn stronger than the others; null for none. */
  setSelection(selected: Uint32Array | null): void
  setStyle(style: PointStyle): void
  draw(frame: PointFrame): void
  dispose(): void
}

/** Receives the events of a layer. */
export interface PointLayerEvents {
  /** Reports that the graphics context and its picture are lost; `draw` does nothing until it is restored. */
  lost(): void
  /** Reports that the context is restored with everything that was set: draw again. */
  restored(): void
}

const MARKED = 1
const SELECTED = 2

/** Returns one byte a point for the layers: marked, selected. */
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

/** Factor of the opacity of points that are not selected. */
export const UNSELECTED = 0.28
