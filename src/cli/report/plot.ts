import { format } from 'd3-format'
import type { ScaleContinuousNumeric } from 'd3-scale'
import { type Markup, type MarkupValue, markup } from './markup'

/** Of a drawing, in pixels; the margins hold the axes and the labels at the ends of lines. */
export const WIDTH = 680
export const HEIGHT = 380
export const MARGIN = { top: 16, right: 96, bottom: 44, left: 64 }
export const INNER = {
  left: MARGIN.left,
  right: WIDTH - MARGIN.right,
  top: MARGIN.top,
  bottom: HEIGHT - MARGIN.bottom,
}

export const INK = '#1b1d21'
export const SOFT = '#5d626b'
const RULE = '#e3e0d8'
/** The page's own colours of series. */
export const SERIES = ['#0b6b8f', '#b3541e', '#6b5fb5', '#8a6a00', '#a83a78', '#3f6b2a', '#5c6470', '#1f6fd0']
export const seriesColor = (i: number) => SERIES[i % SERIES.length]

type Scale = ScaleContinuousNumeric<number, number>

export interface Axes {
  readonly x: Scale
  readonly y: Scale
  readonly xLabel: string
  readonly yLabel: string
  /** Where the x axis has ticks; those of its scale where this is left out. */
  readonly xTicks?: readonly number[]
  readonly yPercent?: boolean
}

const tickText = format('~g')
const percentText = format('~%')

/** A drawing that stands on its own: as a file, or inside a page. */
export function svg(title: string, content: MarkupValue, height = HEIGHT): Markup {
  return markup`<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${WIDTH} ${height}" width="${WIDTH}" height="${height}" role="img" font-family="system-ui, sans-serif" font-size="12" fill="${INK}"><title>${title}</title>${content}</svg>\n`
}

/** Axes with few ticks and thin rules. */
export function axes({ x, y, xLabel, yLabel, xTicks = x.ticks(7), yPercent = false }: Axes): Markup {
  const { left, right, top, bottom } = INNER
  const yText = yPercent ? percentText : tickText
  return markup`<g class="axes">
${y
  .ticks(5)
  .map(
    (tick) =>
      markup`<line x1="${left}" x2="${right}" y1="${y(tick)}" y2="${y(tick)}" stroke="${RULE}"/><text x="${left - 8}" y="${y(tick)}" dy="0.32em" text-anchor="end" fill="${SOFT}">${yText(tick)}</text>`,
  )}
${xTicks.map(
  (tick) =>
    markup`<text x="${x(tick)}" y="${bottom + 18}" text-anchor="middle" fill="${SOFT}">${tickText(tick)}</text>`,
)}
<text x="${(left + right) / 2}" y="${bottom + 38}" text-anchor="middle">${xLabel}</text>
<text transform="translate(14 ${(top + bottom) / 2}) rotate(-90)" text-anchor="middle">${yLabel}</text>
</g>`
}

const LABEL_HEIGHT = 14

/** Heights at which labels stand apart, in the order of where they want to be. */
export function apart(wanted: readonly number[], { top, bottom } = INNER): number[] {
  const order = [...wanted.keys()].sort((a, b) => wanted[a] - wanted[b])
  const placed = new Array<number>(wanted.length)
  let next = top
  for (const i of order) {
    placed[i] = Math.max(wanted[i], next)
    next = placed[i] + LABEL_HEIGHT
  }
  let limit = bottom
  for (const i of order.toReversed()) {
    placed[i] = Math.min(placed[i], limit)
    limit = placed[i] - LABEL_HEIGHT
  }
  return placed
}
