import { extent, max } from 'd3-array'
import { format } from 'd3-format'
import { scaleLinear } from 'd3-scale'
import { area, line } from 'd3-shape'
import type { Regression } from '../../core/corpus/figures'
import { type Markup, markup } from './markup'
import { apart, axes, INK, INNER, SOFT, seriesColor, svg, WIDTH } from './plot'

export interface Interval {
  readonly x: number
  readonly y: number
  readonly low: number
  readonly high: number
}

export interface Series {
  readonly label: string
  readonly points: readonly Interval[]
}

export interface LineChartOptions {
  readonly title: string
  readonly xLabel: string
  readonly yLabel: string
  readonly series: readonly Series[]
  /** A value worth a rule of its own. */
  readonly mark?: number
  readonly isShare?: boolean
}

const isDrawn = ({ y }: Interval) => Number.isFinite(y)
const hasBand = ({ low, high }: Interval) => Number.isFinite(low) && Number.isFinite(high)

/** Lines with their bands, labelled where they end. */
export function lineChart({ title, xLabel, yLabel, series, mark, isShare }: LineChartOptions): Markup {
  const points = series.flatMap(({ points }) => points).filter(isDrawn)
  const [first = 0, last = 1] = extent(points, ({ x }) => x)
  const top = max(points, ({ y, high }) => (Number.isFinite(high) ? high : y)) ?? 1
  const x = scaleLinear([first, last], [INNER.left, INNER.right])
  const y = scaleLinear([0, isShare ? 1 : Math.max(top, mark ?? 0) || 1], [INNER.bottom, INNER.top])
  if (!isShare) y.nice(5)
  const path = line<Interval>(
    (point) => x(point.x),
    (point) => y(point.y),
  ).defined(isDrawn)
  const band = area<Interval>()
    .x((point) => x(point.x))
    .y0((point) => y(point.low))
    .y1((point) => y(point.high))
    .defined(hasBand)
  const ends = series.map(({ points: of }) => of.findLast(isDrawn))
  const heights = apart(ends.map((end) => (end ? y(end.y) : INNER.bottom)))
  return svg(
    title,
    markup`${axes({ x, y, xLabel, yLabel, xTicks: x.ticks(Math.min(13, last - first || 1)), yPercent: isShare })}
${mark === undefined ? null : markup`<line x1="${INNER.left}" x2="${INNER.right}" y1="${y(mark)}" y2="${y(mark)}" stroke="${SOFT}" stroke-dasharray="3 3"/>`}
${series.map(
  ({ points: of }, i) =>
    markup`<path d="${band([...of]) ?? ''}" fill="${seriesColor(i)}" fill-opacity="0.14"/><path d="${path([...of]) ?? ''}" fill="none" stroke="${seriesColor(i)}" stroke-width="1.8"/>
`,
)}
${series.map(({ label }, i) =>
  ends[i]
    ? markup`<text x="${INNER.right + 6}" y="${heights[i]}" dy="0.32em" fill="${seriesColor(i)}">${label}</text>`
    : null,
)}`,
  )
}

export interface PointChartOptions {
  readonly title: string
  readonly xLabel: string
  readonly yLabel: string
  readonly x: ArrayLike<number>
  readonly y: ArrayLike<number>
  /** Points drawn in the second colour. */
  readonly isMarked?: (i: number) => boolean
  readonly regression?: Regression
  /** y = x, where the two are comparable. */
  readonly hasDiagonal?: boolean
}

/** More points than this are counted in cells: the file would be larger than anyone could look at. */
const MAX_CIRCLES = 4000
const CELL = 6

const indicesOf = ({ x, y }: Pick<PointChartOptions, 'x' | 'y'>) =>
  Array.from({ length: x.length }, (_, i) => i).filter((i) => Number.isFinite(x[i]) && Number.isFinite(y[i]))

function circles(places: readonly (readonly [number, number])[], color: string): Markup {
  return markup`<g fill="${color}" fill-opacity="0.45">${places.map(([cx, cy]) => markup`<circle cx="${cx}" cy="${cy}" r="2"/>`)}</g>`
}

function cells(places: readonly (readonly [number, number])[], color: string): Markup {
  const counts = new Map<string, { x: number; y: number; count: number }>()
  for (const [px, py] of places) {
    const cell = { x: Math.floor(px / CELL) * CELL, y: Math.floor(py / CELL) * CELL, count: 0 }
    const key = `${cell.x},${cell.y}`
    const known = counts.get(key) ?? cell
    known.count++
    counts.set(key, known)
  }
  const most = max(counts.values(), ({ count }) => count) ?? 1
  const opacity = format('.2f')
  return markup`<g fill="${color}">${[...counts.values()].map(
    ({ x, y, count }) =>
      markup`<rect x="${x}" y="${y}" width="${CELL}" height="${CELL}" fill-opacity="${opacity(0.1 + 0.9 * (Math.log(1 + count) / Math.log(1 + most)))}"/>`,
  )}</g>`
}

/** A scatterplot, with a least-squares line and its band where one is given. */
export function pointChart(options: PointChartOptions): Markup {
  const { title, xLabel, yLabel, isMarked = () => false, regression, hasDiagonal } = options
  const indices = indicesOf(options)
  const [, right = 1] = extent(indices, (i) => options.x[i])
  const [, top = 1] = extent(indices, (i) => options.y[i])
  const x = scaleLinear([0, right || 1], [INNER.left, INNER.right]).nice(7)
  const y = scaleLinear([0, top || 1], [INNER.bottom, INNER.top]).nice(5)
  const places = (marked: boolean) =>
    indices
      .filter((i) => isMarked(i) === marked)
      .map((i): [number, number] => [x(options.x[i]), y(options.y[i])])
  const draw = indices.length > MAX_CIRCLES ? cells : circles
  const end = Math.min(x.domain()[1], y.domain()[1])
  const known = regression?.band.filter(({ y: mean }) => Number.isFinite(mean)) ?? []
  const path = line<Interval>(
    (point) => x(point.x),
    (point) => y(point.y),
  )
  const band = area<Interval>()
    .x((point) => x(point.x))
    .y0((point) => y(point.low))
    .y1((point) => y(point.high))
    .defined(hasBand)
  return svg(
    title,
    markup`${axes({ x, y, xLabel, yLabel })}
${hasDiagonal ? markup`<line x1="${x(0)}" y1="${y(0)}" x2="${x(end)}" y2="${y(end)}" stroke="${SOFT}" stroke-dasharray="3 3"/>` : null}
${draw(places(false), seriesColor(0))}
${draw(places(true), seriesColor(1))}
${known.length > 0 ? markup`<path d="${band(known) ?? ''}" fill="${INK}" fill-opacity="0.14"/><path d="${path(known) ?? ''}" fill="none" stroke="${INK}" stroke-width="1.8"/>` : null}`,
  )
}

export interface BarGroup {
  readonly label: string
  readonly values: readonly number[]
}

const ROW = 30
const BARS_LEFT = 140

/** Horizontal bars, a group a row, a colour a series; the values are written at their ends. */
export function barChart(title: string, names: readonly string[], groups: readonly BarGroup[]): Markup {
  const most = max(groups, ({ values }) => max(values)) || 1
  const x = scaleLinear([0, most], [BARS_LEFT, WIDTH - 60])
  const thickness = (ROW - 6) / Math.max(names.length, 1)
  const height = groups.length * ROW + 34
  return svg(
    title,
    markup`<g>${names.map(
      (name, i) =>
        markup`<rect x="${BARS_LEFT + 90 * i}" y="6" width="10" height="10" fill="${seriesColor(i)}"/><text x="${BARS_LEFT + 90 * i + 15}" y="15">${name}</text>`,
    )}</g>
${groups.map(({ label, values }, row) => {
  const top = 28 + row * ROW
  return markup`<g><text x="${BARS_LEFT - 8}" y="${top + (ROW - 6) / 2}" dy="0.32em" text-anchor="end">${label}</text>${values.map(
    (value, i) =>
      markup`<rect x="${BARS_LEFT}" y="${top + i * thickness}" width="${Math.max(x(value) - BARS_LEFT, 0)}" height="${Math.max(thickness - 1, 1)}" fill="${seriesColor(i)}"/><text x="${x(value) + 4}" y="${top + (i + 0.5) * thickness}" dy="0.32em" font-size="8" fill="${SOFT}">${String(value)}</text>`,
  )}</g>
`
})}`,
    height,
  )
}
