import { scaleLinear, scaleLog } from 'd3-scale'
import { area, line } from 'd3-shape'
import {
  type Box,
  type CurveLabel,
  flowLabels,
  type LabelledLine,
  placeEndLabels,
  widestLabel,
} from '../curveLabels'
import { amountDomain, type Domain, valueDomain } from '../domain'
import { formatTicks } from '../formatNumber'
import { estimateTextWidth } from '../labelText'
import { depthName, layerName, namedLayers, type Tick } from '../layerAxis'
import { lineReadings } from '../lineReadings'

/** Holds a value of one layer with its interval; `low` and `high` are not finite if there is none. */
export interface BandValue {
  /** Layer, or its depth l / L, 0 to 1, if models of different depth share one chart. */
  readonly layer: number
  readonly n: number
  readonly value: number
  readonly low: number
  readonly high: number
}

/** Holds one line over the layers. */
export interface BandSeries {
  readonly id: string
  readonly label: string
  /** CSS class that gives the line its colour: `chart-series-0`, `corpus-rank-3`. */
  readonly className: string
  readonly layers: readonly BandValue[]
}

export interface BandPoint extends BandValue {
  readonly x: number
  readonly y: number
}

export interface BandLine extends LabelledLine {
  readonly className: string
  readonly path: string
  readonly band: string
  readonly points: readonly BandPoint[]
}

export interface BandScaleOptions {
  /**
   * Scale of the values: `amount` starts at zero; `value` spans the data; `share` is 0 to 1; `log` is for ranks from 1.
   */
  readonly scale: 'amount' | 'value' | 'share' | 'log'
  /** Value that the axis always includes, with a line of its own. */
  readonly reference?: number
  /** True if layers are depths l / L, 0 to 1. */
  readonly byDepth?: boolean
  readonly formatTick?: (value: number) => string
}

export interface BandChartGeometry {
  readonly width: number
  readonly height: number
  readonly plot: Box
  /** Ascending; empty without a value. */
  readonly layers: readonly number[]
  readonly xTicks: readonly Tick[]
  readonly yTicks: readonly Tick[]
  readonly lines: readonly BandLine[]
  readonly labels: readonly CurveLabel[]
  readonly referenceY: number | null
  /** True if labels are at the line ends; otherwise they are in rows above the plot, in the lines' colours. */
  readonly wide: boolean
  xOf(layer: number): number
  /** Returns the layer nearest to an x in px. */
  layerAt(x: number): number
}

const TOP = 26
const BOTTOM = 26
/** Height for the name of a depth axis, under its numbers, px. */
const AXIS_NAME = 16
/** Depths that the axis names. */
const DEPTHS = [0, 0.25, 0.5, 0.75, 1]
const TICK_SIZE = 11
/** Largest share of the width for labels at the line ends. */
const LABEL_SHARE = 0.3

const finite = ({ value }: { readonly value: number }) => Number.isFinite(value)

function domainOf(series: readonly BandSeries[], { scale, reference }: BandScaleOptions): Domain {
  if (scale === 'share') return [0, 1]
  const values = series.flatMap(({ layers }) => layers.flatMap(({ value, low, high }) => [value, low, high]))
  if (reference !== undefined) values.push(reference)
  if (scale === 'log') return [1, Math.max(10, ...values.filter(Number.isFinite))]
  return scale === 'amount' ? amountDomain(values) : valueDomain(values)
}

function scaleOf(domain: Domain, kind: BandScaleOptions['scale'], count: number) {
  if (kind === 'log') {
    const scale = scaleLog(domain, [0, 1]).nice()
    const powers = scale.ticks().filter((tick) => Number.isInteger(Math.log10(tick)))
    return { scale, ticks: powers, clamp: (value: number) => Math.max(1, value) }
  }
  const scale = scaleLinear(domain, [0, 1])
  if (kind !== 'share') scale.nice(count)
  return { scale, ticks: scale.ticks(count), clamp: (value: number) => value }
}

function drawLine(series: BandSeries, x: (layer: number) => number, y: (value: number) => number): BandLine {
  const { id, label, className, layers } = series
  const points = layers.map((value) => ({
    ...value,
    x: x(value.layer),
    y: finite(value) ? y(value.value) : Number.NaN,
  }))
  const path = line<BandPoint>(
    (point) => point.x,
    (point) => point.y,
  )
    .defined(finite)
    .digits(2)(points)
  const band = area<BandPoint>()
    .defined(({ low, high }) => Number.isFinite(low) && Number.isFinite(high))
    .x((point) => point.x)
    .y0((point) => y(point.low))
    .y1((point) => y(point.high))
    .digits(2)(points)
  return {
    id,
    label,
    className,
    active: false,
    path: path ?? '',
    band: band ?? '',
    points: points.filter(finite),
  }
}

/**
 * Lays out a chart over the layers: lines straight from layer to layer, because nothing is known between them, with
 * bands for their intervals and labels at their ends.
 *
 * @param series lengths may differ
 * @param size of the whole drawing, px
 */
export function bandChartGeometry(
  series: readonly BandSeries[],
  size: { readonly width: number; readonly height: number },
  options: BandScaleOptions,
): BandChartGeometry {
  const { width, height } = size
  const layers = [...new Set(series.flatMap((one) => one.layers.filter(finite).map(({ layer }) => layer)))]
  layers.sort((a, b) => a - b)
  const first = layers[0] ?? 0
  const last = layers.at(-1) ?? 0
  const { scale, ticks, clamp } = scaleOf(domainOf(series, options), options.scale, height < 200 ? 3 : 5)
  const texts = options.formatTick ? ticks.map(options.formatTick) : formatTicks(ticks)

  const unplaced: LabelledLine[] = series.map(({ id, label }) => ({ id, label, active: false, points: [] }))
  const labelWidth = widestLabel(unplaced, 220)
  const wide = labelWidth <= width * LABEL_SHARE
  const left = Math.ceil(Math.max(14, ...texts.map((text) => estimateTextWidth(text, TICK_SIZE))) + 10)
  const right = Math.max(left + 1, width - (wide ? labelWidth + 22 : 12))
  const rows = wide ? null : flowLabels(unplaced, { left, top: TOP - 6, right: width })
  const top = TOP + (rows?.height ?? 0)
  const { byDepth = false } = options
  const bottom = height - BOTTOM - (byDepth ? AXIS_NAME : 0)
  const plot: Box = { left, right, top, bottom: Math.max(top + 1, bottom) }

  const extent = byDepth ? [0, 1] : [first, Math.max(first + 1, last)]
  const x = scaleLinear(extent, [plot.left, plot.right])
  const y = (value: number) => plot.bottom - (plot.bottom - plot.top) * scale(clamp(value))
  const lines = series.map((one) => drawLine(one, x, y))
  const spacing = last > first ? (right - left) / (last - first) : right - left
  const named = byDepth ? DEPTHS : namedLayers(last - first, spacing, 26).map((step) => first + step)
  return {
    width,
    height,
    plot,
    layers,
    wide,
    xTicks:
      layers.length === 0 ? [] : named.map((layer) => tickOf(layer, x, byDepth ? depthName : layerName)),
    yTicks: ticks.map((value, i) => ({ value, position: y(value), formattedValue: texts[i] })),
    lines,
    labels: rows ? rows.labels : placeEndLabels(lines, plot, labelWidth),
    referenceY: options.reference === undefined ? null : y(options.reference),
    xOf: (layer) => x(layer),
    layerAt: (px) => {
      const wished = x.invert(px)
      return layers.reduce(
        (best, layer) => (Math.abs(layer - wished) < Math.abs(best - wished) ? layer : best),
        first,
      )
    },
  }
}

function tickOf(value: number, x: (value: number) => number, name: (value: number) => string): Tick {
  return { value, position: x(value), formattedValue: name(value) }
}

/** Holds a line's value at the layer under the cursor. */
export interface BandReading {
  readonly id: string
  readonly label: string
  readonly className: string
  readonly point: BandPoint
  readonly x: number
  readonly y: number
  readonly anchor: 'start' | 'end'
}

/** Returns the value of every line at one layer, top to bottom. */
export function bandReadings(geometry: BandChartGeometry, layer: number): BandReading[] {
  return lineReadings<BandPoint, BandLine>(geometry, layer, 60).map(({ line, ...reading }) => ({
    id: line.id,
    label: line.label,
    className: line.className,
    ...reading,
  }))
}
