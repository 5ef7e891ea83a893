import { scaleLinear, scaleLog } from 'd3-scale'
import { area, line } from 'd3-shape'
import { dodge } from '../dodge'
import { amountDomain, type Domain, valueDomain } from '../domain'
import { formatTicks } from '../formatNumber'
import { estimateTextWidth } from '../labelText'
import {
  type Box,
  type CurveLabel,
  flowLabels,
  type LabelledLine,
  placeEndLabels,
  placeInnerLabels,
  widestLabel,
} from './curveLabels'
import { DEPTH_AXIS, layerName, namedLayers, type PlaceAxis, type Tick } from './layerAxis'

/** Holds a line's value at one layer. */
export interface LineValue {
  /** Layer, or its depth l / L, 0 to 1, if lines of models of different depth share a chart. */
  readonly layer: number
  /** Value; not finite if the layer has none. */
  readonly value: number
  /** Ends of its interval; not finite or absent if it has none. */
  readonly low?: number
  readonly high?: number
  /** Number of values that it sums up. */
  readonly n?: number
  /** Layer of the line's own model: over depths, the line is then read at its nearest layer, not only at equal depth. */
  readonly ownLayer?: number
}

/** Holds one line over the layers. */
export interface LineSeries {
  readonly id: string
  readonly label: string
  /** CSS class that gives the line its colour: `chart-series-0`, `corpus-shade-3`. */
  readonly className: string
  readonly layers: readonly LineValue[]
  /** True for the line that stands out; it is drawn on top. */
  readonly active?: boolean
  /** True for a line of another model: more than its colour tells it from the others. */
  readonly dashed?: boolean
}

export interface LineChartOptions {
  /**
   * Scale of the values: `amount` starts at zero; `value` spans the data; `share` is 0 to 1; `log` is for ranks from 1.
   */
  readonly scale?: 'amount' | 'value' | 'share' | 'log'
  /** Value that the axis always includes, with a line of its own. */
  readonly reference?: number
  /** True if layers are depths l / L, 0 to 1. */
  readonly byDepth?: boolean
  /** Axis of places that are no layers: a line's `layer` is then its place there. */
  readonly axis?: PlaceAxis
  readonly formatTick?: (value: number) => string
  /**
   * Says what happens to the lines' names if they need much space: `short`, they are cut, or stand inside the plot on a
   * narrow drawing; `whole`, they stand in rows above the plot.
   */
  readonly names?: 'short' | 'whole'
}

export interface LinePoint extends LineValue {
  readonly x: number
  readonly y: number
}

export interface DrawnLine extends LabelledLine {
  readonly className: string
  readonly dashed: boolean
  readonly path: string
  /** Path of its intervals; empty if there are none. */
  readonly band: string
  /** Points that have a value. */
  readonly points: readonly LinePoint[]
}

export interface LineChartGeometry {
  readonly width: number
  readonly height: number
  readonly plot: Box
  /** Layers at which the lines are read, ascending; empty without a value. */
  readonly layers: readonly number[]
  readonly xTicks: readonly Tick[]
  readonly yTicks: readonly Tick[]
  /** Lines, the active one last, so that it is drawn on top. */
  readonly lines: readonly DrawnLine[]
  readonly labels: readonly CurveLabel[]
  readonly referenceY: number | null
  /** True if names are at the line ends, in the margin. */
  readonly wide: boolean
  /** Name of the axis, in a row of its own; null over layers. */
  readonly axisLabel: string | null
  xOf(layer: number): number
  /** Returns the layer nearest to an x in px. */
  layerAt(x: number): number
}

/** Least width, px, at which a margin for cut names leaves enough of the plot. */
const WIDE = 460
/** Largest share of the width for names in the margin: whole names, and cut ones. */
const SHARE = { whole: 0.3, short: 0.28 }
/** Largest width of a name in the margin, px. */
const WIDEST = { whole: 220, short: 200 }
const TOP = 26
const BOTTOM = 26
/** Height for the name of an axis, under its numbers, px. */
const AXIS_NAME = 16
const TICK_SIZE = 11
/** Px that a reading needs to the right of its point; with less it is placed to the left. */
const READING_ROOM = 60

const finite = ({ value }: { readonly value: number }) => Number.isFinite(value)

/** Rounds a place to a hundredth of a px: no eye sees more, and files stay small. */
const hundredth = (px: number) => Math.round(100 * px) / 100

function domainOf(series: readonly LineSeries[], { scale, reference }: LineChartOptions): Domain {
  if (scale === 'share') return [0, 1]
  const values = series.flatMap(({ layers }) =>
    layers.flatMap(({ value, low = value, high = value }) => [value, low, high]),
  )
  if (reference !== undefined) values.push(reference)
  if (scale === 'log') return [1, Math.max(10, ...values.filter(Number.isFinite))]
  return scale === 'value' ? valueDomain(values) : amountDomain(values)
}

function scaleOf(domain: Domain, kind: LineChartOptions['scale'], count: number) {
  if (kind === 'log') {
    const scale = scaleLog(domain, [0, 1]).nice()
    const powers = scale.ticks().filter((tick) => Number.isInteger(Math.log10(tick)))
    return { scale, ticks: powers, clamp: (value: number) => Math.max(1, value) }
  }
  const scale = scaleLinear(domain, [0, 1])
  if (kind !== 'share') scale.nice(count)
  return { scale, ticks: scale.ticks(count), clamp: (value: number) => value }
}

/** Returns the layers at which lines are read: of the deepest model if each line is read at its nearest, else all. */
function layersOf(series: readonly LineSeries[], byDepth: boolean): readonly number[] {
  if (!series.some(({ layers }) => layers.some(finite))) return []
  const deepest = series.reduce((most, one) => (one.layers.length > most.layers.length ? one : most))
  const isNearest = byDepth && deepest.layers.some(({ ownLayer }) => ownLayer !== undefined)
  const read = isNearest ? deepest.layers : series.flatMap(({ layers }) => layers)
  return [...new Set(read.map(({ layer }) => layer))].sort((a, b) => a - b)
}

function drawLine(series: LineSeries, x: (layer: number) => number, y: (value: number) => number): DrawnLine {
  const { id, label, className, layers, active = false, dashed = false } = series
  const points = layers.map((value) => ({
    ...value,
    x: x(value.layer),
    y: finite(value) ? y(value.value) : Number.NaN,
  }))
  const path = line<LinePoint>(
    (point) => point.x,
    (point) => point.y,
  )
    .defined(finite)
    .digits(2)(points)
  const band = area<LinePoint>()
    .defined(({ low, high }) => Number.isFinite(low) && Number.isFinite(high))
    .x((point) => point.x)
    .y0((point) => y(point.low ?? Number.NaN))
    .y1((point) => y(point.high ?? Number.NaN))
    .digits(2)(points)
  return {
    id,
    label,
    className,
    active,
    dashed,
    path: path ?? '',
    band: band ?? '',
    points: points.filter(finite),
  }
}

const tickOf = (value: number, position: number, formattedValue: string): Tick => ({
  value,
  position,
  formattedValue,
})

/**
 * Lays out a chart over the layers: lines straight from layer to layer, because nothing is known between them, with
 * bands for intervals and names at the lines.
 *
 * @param series lengths may differ
 * @param size of the whole drawing, px
 */
export function lineChartGeometry(
  series: readonly LineSeries[],
  size: { readonly width: number; readonly height: number },
  options: LineChartOptions = {},
): LineChartGeometry {
  const { width, height } = size
  const { byDepth = false, names = 'short' } = options
  const axis = options.axis ?? (byDepth ? DEPTH_AXIS : null)
  const layers = layersOf(series, byDepth)
  const first = layers[0] ?? 0
  const last = layers.at(-1) ?? 0
  const { scale, ticks, clamp } = scaleOf(domainOf(series, options), options.scale, height < 160 ? 2 : 4)
  const shownTicks = layers.length > 0 ? ticks : ticks.slice(0, 1)
  const texts = options.formatTick ? shownTicks.map(options.formatTick) : formatTicks(shownTicks)

  const unplaced = series.map(
    ({ id, label, active = false }): LabelledLine => ({ id, label, active, points: [] }),
  )
  const room = width * SHARE[names]
  const widest = widestLabel(unplaced, names === 'whole' ? WIDEST.whole : Math.min(WIDEST.short, room))
  const wide = names === 'whole' ? widest <= room : width >= WIDE
  const labelWidth = wide ? Math.max(40, widest) : 0
  const left = Math.ceil(Math.max(14, ...texts.map((text) => estimateTextWidth(text, TICK_SIZE))) + 10)
  const right = Math.max(left + 1, width - (wide ? labelWidth + 22 : 12))
  const bottom = height - BOTTOM - (axis ? AXIS_NAME : 0)
  const plotBelow = (top: number): Box => ({ left, right, top, bottom: Math.max(top + 1, bottom) })

  const extent = axis?.extent ?? [first, Math.max(first + 1, last)]
  const x = scaleLinear(extent, [left, right])
  const xOf = (layer: number) => hundredth(x(layer))
  const yIn = (plot: Box) => (value: number) =>
    hundredth(plot.bottom - (plot.bottom - plot.top) * scale(clamp(value)))
  const drawn = (plot: Box) =>
    series.map((one) => drawLine(one, xOf, yIn(plot))).sort((a, b) => Number(a.active) - Number(b.active))

  const rowsAt = { left, top: TOP - 7, right: width }
  const inRows = (lines: readonly LabelledLine[]) => plotBelow(TOP + flowLabels(lines, rowsAt).height)
  const innerOf = (plot: Box) => placeInnerLabels(drawn(plot), plot)
  let plot = plotBelow(TOP)
  if (!wide) plot = inRows(names === 'whole' ? unplaced : innerOf(plot).unplaced)
  const lines = drawn(plot)
  let labels: readonly CurveLabel[]
  if (wide) labels = placeEndLabels(lines, plot, labelWidth)
  else {
    const inner = names === 'whole' ? { placed: [], unplaced } : innerOf(plot)
    labels = [...inner.placed, ...flowLabels(inner.unplaced, rowsAt).labels]
  }

  const spacing = last > first ? (right - left) / (last - first) : right - left
  const named = axis?.ticks ?? namedLayers(last - first, spacing, 26).map((step) => first + step)
  const y = yIn(plot)
  return {
    width,
    height,
    plot,
    layers,
    xTicks:
      layers.length === 0
        ? []
        : named.map((layer) => tickOf(layer, xOf(layer), (axis?.name ?? layerName)(layer))),
    yTicks: shownTicks.map((value, i) => tickOf(value, y(value), texts[i])),
    lines,
    labels,
    referenceY: options.reference === undefined ? null : y(options.reference),
    wide,
    axisLabel: axis?.label ?? null,
    xOf,
    layerAt: (px) => {
      const wished = x.invert(px)
      return layers.reduce(
        (best, layer) => (Math.abs(layer - wished) < Math.abs(best - wished) ? layer : best),
        first,
      )
    },
  }
}

/** Holds a line's value at the layer under the cursor, and where it is written. */
export interface LineReading extends Omit<DrawnLine, 'points' | 'path' | 'band'> {
  readonly point: LinePoint
  readonly x: number
  readonly y: number
  readonly anchor: 'start' | 'end'
}

/** Returns a line's point at a layer; over depths, that of its nearest own layer, the later of two equally near. */
function pointAt({ points }: DrawnLine, layer: number, byDepth: boolean): LinePoint | undefined {
  const same = points.find((point) => point.layer === layer)
  if (same || !byDepth) return same
  let nearest: LinePoint | undefined
  for (const point of points) {
    if (point.ownLayer === undefined) continue
    if (!nearest || Math.abs(point.layer - layer) <= Math.abs(nearest.layer - layer)) nearest = point
  }
  return nearest
}

/** Returns the value of every line at one layer, top to bottom, each placed where it covers no other. */
export function lineReadings(
  { lines, plot, axisLabel, xOf }: LineChartGeometry,
  layer: number,
): LineReading[] {
  const here = lines.flatMap(({ points, path, band, ...line }) => {
    const point = pointAt({ points, path, band, ...line }, layer, axisLabel !== null)
    return point ? [{ ...line, point }] : []
  })
  const places = dodge(
    here.map(({ point }) => point.y),
    14,
    [plot.top - 4, plot.bottom - 6],
  )
  const before = xOf(layer) > plot.right - READING_ROOM
  return here
    .map((line, i) => ({
      ...line,
      x: line.point.x + (before ? -11 : 11),
      y: places[i],
      anchor: before ? ('end' as const) : ('start' as const),
    }))
    .sort((a, b) => a.y - b.y)
}
