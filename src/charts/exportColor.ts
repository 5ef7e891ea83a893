import { color, rgb } from 'd3-color'

const SRGB = /^color\(srgb\s+([\d.e+-]+)\s+([\d.e+-]+)\s+([\d.e+-]+)(?:\s*\/\s*([\d.]+))?\)$/

/** Says whether a computed colour paints nothing. */
export function isTransparent(value: string): boolean {
  return value === '' || value === 'transparent' || color(exportColor(value))?.opacity === 0
}

/**
 * Returns a computed colour in a form that every SVG reader knows: browsers give results of `color-mix` as `color(srgb
 * …)`, which editors do not read. Values that are not a colour (`none`, `url(#…)`) stay.
 */
export function exportColor(value: string): string {
  const match = SRGB.exec(value)
  if (match === null) return value
  const [red, green, blue] = match.slice(1, 4).map((part) => 255 * Number(part))
  return rgb(red, green, blue, match[4] === undefined ? 1 : Number(match[4])).formatRgb()
}
