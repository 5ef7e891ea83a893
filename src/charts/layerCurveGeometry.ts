import { scaleLinear } from 'd3-scale'
import { curveMonotoneX, line } from 'd3-shape'
import {
  type Box,
  type CurveLabel,
  flowLabels,
  type LabelledLine,
  placeEndLabels,
  placeInnerLabels,
  widestLabel,
} from './curveLabels'
import { amountDomain } from './domain'
import { formatTicks } from './formatNumber'
import { estimateTextWidth } from './labelText'
import { depthName, layerName, namedLayers, type Tick } from './layerAxis'
import { lineReadings } from './lineReadings'

/** Holds a value for each layer 0..L of one comparison. */
export interface CurveSeries {
  readonly id: string
  readonly label: string
  /** Index of its colour, 0..7. */
  readonly color: number
  /** Values by layer; not finite for a layer without one. */
  readonly values: readonly number[]
  readonly active: boolean
  /** True for a line of another model: more than its colour tells it from the others. */
  readonly dashed?: boolean
}

export interface CurvePoint {
  readonly layer: number
  readonly value: number
  readonly x: number
  readonly y: number
}

export interface CurveLine extends LabelledLine {
  readonly color: number
  readonly dashed: boolean
  readonly path: string
  readonly points: readonly CurvePoint[]
}

export interface LayerCurveGeometry {
  readonly width: number
  readonly height: number
  readonly plot: Box
  /** L of the line with most layers; -1 without a value. */
  readonly lastLayer: number
  readonly xTicks: readonly Tick[]
  readonly yTicks: readonly Tick[]
  /** Lines, the active one last, so that it is drawn on top. */
  readonly lines: readonly CurveLine[]
  readonly labels: readonly CurveLabel[]
  /** True if lines of different length are drawn over relative depth l / L, not over layers. */
  readonly byDepth: boolean
  /** Name of the layers' axis. */
  readonly xLabel: string
  /** True if labels are in the margin at the line ends. */
  readonly wide: boolean
  xOf(layer: number): number
  /** Returns the layer nearest to an x in px. */
  layerAt(x: number): number
}

/** Least width, px, at which a margin for labels leaves enough of the plot. */
const WIDE = 460
const TOP = 26
const BOTTOM = 26
const TICK_SIZE = 11
const DEPTH_TICKS = [0, 0.25, 0.5, 0.75, 1]

const pathOf = line<CurvePoint>()
  .x(({ x }) => x)
  .y(({ y }) => y)
  .defined(({ y }) => Number.isFinite(y))
  .curve(curveMonotoneX)
  .digits(2)

/** Rounds places to a hundredth of a px: no eye sees more, and files stay small. */
function hundredths(from: number, to: number) {
  return (share: number) => Math.round(100 * (from + (to - from) * share)) / 100
}

function drawLines(
  series: readonly CurveSeries[],
  plot: Box,
  lastLayer: number,
  byDepth: boolean,
  domain: readonly [number, number],
) {
  const x = scaleLinear([0, Math.max(0, lastLayer)], [plot.left, plot.right]).interpolate(hundredths)
  const y = scaleLinear(domain, [plot.bottom, plot.top]).interpolate(hundredths)
  const lines = series
    .map(({ id, label, color, values, active, dashed = false }): CurveLine => {
      const stretch = byDepth && values.length > 1 ? lastLayer / (values.length - 1) : 1
      const points = values.map((value, layer) => ({
        layer,
        value,
        x: x(layer * stretch),
        y: Number.isFinite(value) ? y(value) : Number.NaN,
      }))
      const path = pathOf(points) ?? ''
      return {
        id,
        label,
        color,
        active,
        dashed,
        path,
        points: points.filter((point) => Number.isFinite(point.y)),
      }
    })
    .sort((a, b) => Number(a.active) - Number(b.active))
  return { x, y, lines }
}

/**
 * Lays out a layer curve. Curves are monotone between layers: they add no maximum of their own.
 *
 * @param series h_0 first; lengths may differ
 * @param size of the whole drawing, px
 * @param byDepth each line over the whole width, its last layer at the right end: models of different depth
 */
export function layerCurveGeometry(
  series: readonly CurveSeries[],
  size: { readonly width: number; readonly height: number },
  byDepth = false,
): LayerCurveGeometry {
  const { width, height } = size
  const lastLayer = series.reduce((last, { values }) => Math.max(last, values.length - 1), -1)
  const wide = width >= WIDE
  const scale = scaleLinear()
    .domain(amountDomain(series.flatMap(({ values }) => values)))
    .nice(4)
  const [low, high] = scale.domain()
  const empty = !series.some(({ values }) => values.some(Number.isFinite))
  const ticks = empty ? [0] : scale.ticks(height < 160 ? 2 : 4)
  const tickTexts = formatTicks(ticks)

  const left = Math.ceil(Math.max(14, ...tickTexts.map((text) => estimateTextWidth(text, TICK_SIZE))) + 10)
  const unlabelled: LabelledLine[] = series.map(({ id, label, active }) => ({
    id,
    label,
    active,
    points: [],
  }))
  const labelWidth = wide ? Math.max(40, widestLabel(unlabelled, Math.min(200, width * 0.28))) : 0
  const right = Math.max(left + 1, width - (wide ? labelWidth + 20 : 12))
  const plotBelow = (top: number): Box => ({ left, right, top, bottom: Math.max(top + 1, height - BOTTOM) })

  let plot = plotBelow(TOP)
  let { x, y, lines } = drawLines(series, plot, lastLayer, byDepth, [low, high])
  let labels: readonly CurveLabel[]
  if (wide) labels = placeEndLabels(lines, plot, labelWidth)
  else {
    const rowsAt = { left, top: TOP - 8, right: width }
    const homeless = placeInnerLabels(lines, plot).unplaced
    plot = plotBelow(TOP + flowLabels(homeless, rowsAt).height)
    ;({ x, y, lines } = drawLines(series, plot, lastLayer, byDepth, [low, high]))
    const { placed, unplaced } = placeInnerLabels(lines, plot)
    labels = [...placed, ...flowLabels(unplaced, rowsAt).labels]
  }

  const spacing = lastLayer > 0 ? (right - left) / lastLayer : right - left
  return {
    width,
    height,
    plot,
    lastLayer,
    byDepth,
    xLabel: byDepth ? 'l / L' : 'layer',
    wide,
    xTicks: byDepth
      ? DEPTH_TICKS.map((depth) => ({
          value: depth,
          position: x(depth * Math.max(0, lastLayer)),
          formattedValue: depthName(depth),
        }))
      : namedLayers(lastLayer, spacing, 26).map((layer) => ({
          value: layer,
          position: x(layer),
          formattedValue: layerName(layer),
        })),
    yTicks: ticks.map((value, i) => ({ value, position: y(value), formattedValue: tickTexts[i] })),
    lines,
    labels,
    xOf: (layer) => x(layer),
    layerAt: (px) => Math.max(0, Math.min(lastLayer, Math.round(x.invert(px)) || 0)),
  }
}

/** Holds a line's value at the layer under the cursor. */
export interface CurveReading {
  readonly id: string
  readonly label: string
  readonly color: number
  readonly active: boolean
  /** Layer of the line's own model. */
  readonly layer: number
  readonly point: CurvePoint
  readonly x: number
  readonly y: number
  readonly anchor: 'start' | 'end'
}

/** Returns the point of a line nearest to an x in px; if two are equally near, the later one. */
function nearestPoint({ points }: CurveLine, x: number): CurvePoint | undefined {
  let nearest: CurvePoint | undefined
  for (const point of points) {
    if (!nearest || Math.abs(point.x - x) <= Math.abs(nearest.x - x)) nearest = point
  }
  return nearest
}

/** Returns the value of every line at one layer, or at the nearest depth, top to bottom. */
export function readingsAt(geometry: LayerCurveGeometry, layer: number): CurveReading[] {
  const { byDepth, lines, xOf } = geometry
  const found = new Map(
    lines.map((line) => [
      line.id,
      byDepth ? nearestPoint(line, xOf(layer)) : line.points.find((point) => point.layer === layer),
    ]),
  )
  const read = lines.map((line) => {
    const point = found.get(line.id)
    return { ...line, points: point ? [{ ...point, layer }] : [] }
  })
  return lineReadings<CurvePoint, CurveLine>({ ...geometry, lines: read }, layer, 50).map(
    ({ line, ...reading }) => ({
      id: line.id,
      label: line.label,
      color: line.color,
      active: line.active,
      layer: found.get(line.id)?.layer ?? layer,
      ...reading,
    }),
  )
}
