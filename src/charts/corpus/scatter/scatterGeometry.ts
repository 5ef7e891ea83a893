import { type ScaleLinear, scaleLinear } from 'd3-scale'
import { area } from 'd3-shape'
import type { CommonnessFigure, Regression } from '../../../core/corpus/figures/figures'
import type { Domain } from '../../domain'
import { formatDecimals, formatTicks } from '../../formatNumber'
import { estimateTextWidth } from '../../labelText'
import type { Box } from '../../line/curveLabels'
import type { Tick } from '../../line/layerAxis'
import { type AxisScale, fromAxis, rootTicks } from '../axisScale'
import type { View } from './scatterView'

export interface Scales {
  readonly x: ScaleLinear<number, number>
  readonly y: ScaleLinear<number, number>
}

const MARGIN = { top: 24, right: 10, bottom: 40, left: 46 }
const LABEL_SIZE = 12

/** Returns the box of the points in a drawing, px. It does not depend on the view, so nothing shifts while one pans. */
export function plotBox(width: number, height: number): Box {
  const { top, right, bottom, left } = MARGIN
  return {
    left,
    top,
    right: Math.max(left + 1, width - right),
    bottom: Math.max(top + 1, height - bottom),
  }
}

export function scalesOf({ x, y }: View, plot: Box): Scales {
  return {
    x: scaleLinear(x, [plot.left, plot.right]),
    y: scaleLinear(y, [plot.bottom, plot.top]),
  }
}

/** Least spacing of ticks, px: wide enough for the numbers of an axis. */
const SPACING = { x: 66, y: 52 }

function ticksOf(scale: ScaleLinear<number, number>, kind: AxisScale, spacing: number): Tick[] {
  const [from, to] = scale.range()
  const count = Math.max(2, Math.floor(Math.abs(to - from) / spacing))
  if (kind === 'linear') {
    const values = scale.ticks(count)
    const texts = formatTicks(values)
    return values.map((value, i) => ({ value, position: scale(value), formattedValue: texts[i] }))
  }
  const [low, high] = scale.domain().map((place) => fromAxis(place, kind))
  const ticks: Tick[] = []
  for (const value of rootTicks(low, high, count, (count) => scaleLinear([low, high]).ticks(count))) {
    const position = scale(Math.sqrt(value))
    const last = ticks.at(-1)
    if (last && Math.abs(last.position - position) < spacing * 0.6) continue
    ticks.push({ value, position, formattedValue: String(Number(value.toPrecision(3))) })
  }
  return ticks
}

/** Returns the ticks of both axes: few, and never so close that their numbers touch. */
export function scatterTicks(
  scales: Scales,
  kinds: Readonly<Record<'x' | 'y', AxisScale>>,
): { readonly x: readonly Tick[]; readonly y: readonly Tick[] } {
  return {
    x: ticksOf(scales.x, kinds.x, SPACING.x),
    y: ticksOf(scales.y, kinds.y, SPACING.y),
  }
}

/** Holds the line of a regression with its band and its words. */
export interface RegressionDrawing {
  readonly path: string
  /** Path of the band; empty if it is not defined (n < 3). */
  readonly band: string
  readonly text: string
  readonly textX: number
  readonly textY: number
  /** Box that the words occupy. */
  readonly box: Box
}

/** Returns `slope −2.11 · r −0.30 · n 430`. */
export function regressionText({ slope, r, n }: Regression): string {
  return `slope ${formatDecimals(slope, 2)} · r ${formatDecimals(r, 2)} · n ${n.toLocaleString('en')}`
}

type BandPoint = Regression['band'][number]

/** Returns the samples of a band inside a range of x, with samples at its cut ends. */
function cutBand(points: readonly BandPoint[], [from, to]: Domain): BandPoint[] {
  const between = (a: BandPoint, b: BandPoint, x: number): BandPoint => {
    const share = (x - a.x) / (b.x - a.x)
    const mix = (low: number, high: number) => low + (high - low) * share
    return { x, y: mix(a.y, b.y), low: mix(a.low, b.low), high: mix(a.high, b.high) }
  }
  return points.flatMap((point, i) => {
    const next = points[i + 1]
    const here = point.x >= from && point.x <= to ? [point] : []
    const edges = next ? [from, to].filter((x) => x > point.x && x < next.x) : []
    return [...here, ...edges.map((x) => between(point, next, x))]
  })
}

/** Returns the first and last x of the line inside a view; null if it is out of sight. */
function lineExtent(
  { slope, intercept }: Regression,
  points: readonly BandPoint[],
  view: View,
): Domain | null {
  const crossings = view.y.map((y) => (y - intercept) / slope).sort((a, b) => a - b)
  const steep = crossings.every(Number.isFinite)
  if (!steep && !(intercept >= view.y[0] && intercept <= view.y[1])) return null
  const from = Math.max(points[0].x, view.x[0], steep ? crossings[0] : Number.NEGATIVE_INFINITY)
  const to = Math.min(points[points.length - 1].x, view.x[1], steep ? crossings[1] : Number.POSITIVE_INFINITY)
  return from < to ? [from, to] : null
}

/**
 * Lays out a regression line; null if there is none: fewer than two points, a constant x, or all of it out of sight.
 */
export function drawRegression(
  regression: Regression,
  view: View,
  { x, y }: Scales,
  plot: Box,
  bins: readonly BinMark[] = [],
  name = '',
): RegressionDrawing | null {
  const points = regression.band.filter((point) => Number.isFinite(point.x) && Number.isFinite(point.y))
  if (points.length < 2 || !Number.isFinite(regression.slope)) return null
  const extent = lineExtent(regression, points, view)
  if (!extent) return null
  const clamp = (value: number) => Math.max(view.y[0], Math.min(view.y[1], value))
  const band = area<BandPoint>()
    .defined(({ low, high }) => high >= view.y[0] && low <= view.y[1])
    .x((point) => x(point.x))
    .y0((point) => y(clamp(point.low)))
    .y1((point) => y(clamp(point.high)))
    .digits(2)(cutBand(points, view.x))

  const text = name === '' ? regressionText(regression) : `${name}: ${regressionText(regression)}`
  const width = estimateTextWidth(text, LABEL_SIZE)
  const textX = Math.max(plot.left + 6, Math.min(plot.right - width, x(extent[0]) + 10))
  // Words that do not cover the line or the bins: above them, or below if there is no space above.
  const yAt = (value: number) => y(regression.intercept + regression.slope * value)
  const lineYAt = (px: number) => yAt(Math.max(extent[0], Math.min(extent[1], x.invert(px))))
  const beside = bins.filter((bin) => bin.x > textX - 6 && bin.x < textX + width + 6)
  const occupied = [
    lineYAt(textX),
    lineYAt(Math.min(plot.right, textX + width)),
    ...beside.flatMap((bin) => [bin.y - 5, bin.y + 5, ...(bin.interval ?? [])]),
  ]
  const above = Math.min(...occupied) - 9
  const textY = above - 12 >= plot.top ? above : Math.min(plot.bottom - 6, Math.max(...occupied) + 20)
  return {
    path: `M${round(x(extent[0]))},${round(yAt(extent[0]))}L${round(x(extent[1]))},${round(yAt(extent[1]))}`,
    band: band ?? '',
    text,
    textX,
    textY,
    box: { left: textX, right: textX + width, top: textY - 12, bottom: textY + 4 },
  }
}

/** Returns the same line with its words moved below or above words that are already there. */
export function clearOf(line: RegressionDrawing, taken: Box, plot: Box): RegressionDrawing {
  const { box } = line
  const apart =
    box.right + 8 < taken.left ||
    box.left - 8 > taken.right ||
    box.bottom + 6 < taken.top ||
    box.top - 6 > taken.bottom
  if (apart) return line
  const height = box.bottom - box.top
  const below = taken.bottom + 8
  const top = below + height <= plot.bottom ? below : taken.top - 8 - height
  const down = top - box.top
  return { ...line, textY: line.textY + down, box: { ...box, top, bottom: box.bottom + down } }
}

const round = (px: number) => Math.round(px * 100) / 100

/** Holds a bin's mean with its interval, px. */
export interface BinMark {
  readonly id: string
  readonly n: number
  readonly x: number
  readonly y: number
  /** Interval of the mean; null if there is none (n < 2). */
  readonly interval: readonly [number, number] | null
}

/** Lays out the bins in sight; an interval is cut at the view's edge. */
export function drawBins(bins: CommonnessFigure['bins'], view: View, { x, y }: Scales): BinMark[] {
  const clamp = (value: number) => Math.max(view.y[0], Math.min(view.y[1], value))
  return bins.flatMap(({ from, to, n, mean, low, high }) => {
    const middle = (from + to) / 2
    const seen = middle >= view.x[0] && middle <= view.x[1] && mean >= view.y[0] && mean <= view.y[1]
    if (!(n > 0 && seen)) return []
    const interval: BinMark['interval'] =
      Number.isFinite(low) && Number.isFinite(high) ? [y(clamp(low)), y(clamp(high))] : null
    return [{ id: `${from}`, n, x: x(middle), y: y(mean), interval }]
  })
}

/** Returns the line y = x across the view; null if it does not pass through. */
export function drawDiagonal(view: View, { x, y }: Scales): string | null {
  const low = Math.max(view.x[0], view.y[0])
  const high = Math.min(view.x[1], view.y[1])
  return low < high ? `M${x(low)},${y(low)}L${x(high)},${y(high)}` : null
}

/** Says whether a place in px is inside the plot. */
export function isInside({ left, right, top, bottom }: Box, x: number, y: number): boolean {
  return x >= left && x <= right && y >= top && y <= bottom
}
