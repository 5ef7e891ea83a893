import { color } from 'd3-color'
import { interpolateLab } from 'd3-interpolate'
import type { View } from './scatterView'

/** Holds the colours of points, resolved: of a single point, and of the largest overlap. */
export interface DensityColors {
  readonly few: string
  readonly many: string
}

const STEPS = 256
const FALLBACK = '#0b6b8f'

/** Opacity of a single point in the largest crowd; it rises to 1 where points overlap. */
export const FAINTEST = 0.24
/** Opacity of a single marked point: these are few and important. */
export const FAINTEST_MARKED = 0.8

/**
 * Returns colour and opacity by the number of points that overlap, from none to the most, on a logarithmic scale.
 *
 * @returns [256, 4] red, green, blue, opacity; 0..255, not premultiplied
 */
export function densityRamp({ few, many }: DensityColors, faintest = FAINTEST): Uint8Array {
  const mix = interpolateLab(color(few) ?? FALLBACK, color(many) ?? FALLBACK)
  const ramp = new Uint8Array(STEPS * 4)
  for (let step = 0; step < STEPS; step++) {
    const share = step / (STEPS - 1)
    const { r, g, b } = color(mix(share ** 1.5))?.rgb() ?? { r: 0, g: 0, b: 0 }
    ramp.set([r, g, b, 255 * (faintest + (1 - faintest) * share ** 0.8)], step * 4)
  }
  return ramp
}

/** Returns the fraction, 0..1, of the ramp for a number of overlapping points. */
export function densityShare(count: number, most: number): number {
  return Math.min(1, Math.log1p(Math.max(1, count)) / Math.log1p(Math.max(1, most)))
}

/** Returns the ramp along a legend, which runs logarithmically from one point to the most, as CSS colours. */
export function densityStops(colors: DensityColors, most: number): string[] {
  const ramp = densityRamp(colors)
  return Array.from({ length: 9 }, (_, i) => {
    const count = Math.max(1, most) ** (i / 8)
    const at = 4 * Math.round(densityShare(count, most) * (STEPS - 1))
    return `rgb(${ramp[at]} ${ramp[at + 1]} ${ramp[at + 2]} / ${(ramp[at + 3] / 255).toFixed(3)})`
  })
}

/**
 * Returns the radius of a point in px: large for few points, small in a crowd, larger again when zoomed in.
 *
 * @param area of the plot, px²
 */
export function pointRadius(points: number, area: number, zoom: number): number {
  const share = Math.sqrt((0.08 * area * zoom ** 2) / (Math.PI * Math.max(1, points)))
  return Math.max(1.25, Math.min(4, share))
}

/**
 * Returns the largest number of points that overlap, counted in squares of a point's area.
 *
 * @param size of the plot, px
 * @param radius of a point, px
 * @returns at least 1
 */
export function mostOverlapping(
  x: Float32Array,
  y: Float32Array,
  view: View,
  size: { readonly width: number; readonly height: number },
  radius: number,
): number {
  const side = Math.sqrt(Math.PI) * radius
  const columns = Math.max(1, Math.ceil(size.width / side))
  const rows = Math.max(1, Math.ceil(size.height / side))
  const counts = new Uint32Array(columns * rows)
  const across = size.width / side / (view.x[1] - view.x[0])
  const up = size.height / side / (view.y[1] - view.y[0])
  let most = 1
  for (let i = 0; i < x.length; i++) {
    const column = (x[i] - view.x[0]) * across
    const row = (y[i] - view.y[0]) * up
    // False for NaN.
    if (!(column >= 0 && row >= 0 && column < columns && row < rows)) continue
    const count = ++counts[Math.floor(row) * columns + Math.floor(column)]
    if (count > most) most = count
  }
  return most
}
