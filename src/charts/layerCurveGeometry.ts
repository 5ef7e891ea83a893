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
import { layerName, namedLayers, type Tick } from './layerAxis'
import { lineReadings } from './lineReadings'

/** A value for each layer 0..L of one comparison. */
export interface CurveSeries {
  readonly id: string
  readonly label: string
  /** Identity colour, 0..7. */
  readonly color: number
  /** By layer; not finite where there is none. */
  readonly values: readonly number[]
  readonly active: boolean
}

export interface CurvePoint {
  readonly layer: number
  readonly value: number
  readonly x: number
  readonly y: number
}

export interface CurveLine extends LabelledLine {
  readonly color: number
  readonly path: string
  readonly points: readonly CurvePoint[]
}

export interface LayerCurveGeometry {
  readonly width: number
  readonly height: number
  readonly plot: Box
  /** L; -1 without a value. */
  readonly lastLayer: number
  readonly xTicks: readonly Tick[]
  readonly yTicks: readonly Tick[]
  /** The active one last, so that it is drawn on top. */
  readonly lines: readonly CurveLine[]
  readonly labels: readonly CurveLabel[]
  /** Whether labels stand in the margin at the line ends. */
  readonly wide: boolean
  xOf(layer: number): number
  /** The layer nearest to an x in px. */
  layerAt(x: number): number
}

/** Below this width, px, a margin for labels would leave too little of the plot. */
const WIDE = 460
const TOP = 26
const BOTTOM = 26
const TICK_SIZE = 11

const pathOf = line<CurvePoint>()
  .x(({ x }) => x)
  .y(({ y }) => y)
  .defined(({ y }) => Number.isFinite(y))
  .curve(curveMonotoneX)
  .digits(2)

/** Places to a hundredth of a px: no eye sees more, and files stay small. */
function hundredths(from: number, to: number) {
  return (share: number) => Math.round(100 * (from + (to - from) * share)) / 100
}

function drawLines(
  series: readonly CurveSeries[],
  plot: Box,
  lastLayer: number,
  domain: readonly [number, number],
) {
  const x = scaleLinear([0, Math.max(0, lastLayer)], [plot.left, plot.right]).interpolate(hundredths)
  const y = scaleLinear(domain, [plot.bottom, plot.top]).interpolate(hundredths)
  const lines = series
    .map(({ id, label, color, values, active }): CurveLine => {
      const points = values.map((value, layer) => ({
        layer,
        value,
        x: x(layer),
        y: Number.isFinite(value) ? y(value) : Number.NaN,
      }))
      const path = pathOf(points) ?? ''
      return { id, label, color, active, path, points: points.filter((point) => Number.isFinite(point.y)) }
    })
    .sort((a, b) => Number(a.active) - Number(b.active))
  return { x, y, lines }
}

/**
 * Where everything of a layer curve stands. Curves are monotone between layers: they invent no maximum.
 *
 * @param series h_0 first; lengths may differ
 * @param size of the whole drawing, px
 */
export function layerCurveGeometry(
  series: readonly CurveSeries[],
  size: { readonly width: number; readonly height: number },
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
  let { x, y, lines } = drawLines(series, plot, lastLayer, [low, high])
  let labels: readonly CurveLabel[]
  if (wide) labels = placeEndLabels(lines, plot, labelWidth)
  else {
    const rowsAt = { left, top: TOP - 8, right: width }
    const homeless = placeInnerLabels(lines, plot).unplaced
    plot = plotBelow(TOP + flowLabels(homeless, rowsAt).height)
    ;({ x, y, lines } = drawLines(series, plot, lastLayer, [low, high]))
    const { placed, unplaced } = placeInnerLabels(lines, plot)
    labels = [...placed, ...flowLabels(unplaced, rowsAt).labels]
  }

  const spacing = lastLayer > 0 ? (right - left) / lastLayer : right - left
  return {
    width,
    height,
    plot,
    lastLayer,
    wide,
    xTicks: namedLayers(lastLayer, spacing, 26).map((layer) => ({
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

/** A line's value at the layer under the cursor. */
export interface CurveReading {
  readonly id: string
  readonly label: string
  readonly color: number
  readonly active: boolean
  readonly point: CurvePoint
  readonly x: number
  readonly y: number
  readonly anchor: 'start' | 'end'
}

/** What every line says at one layer, top to bottom. */
export function readingsAt(geometry: LayerCurveGeometry, layer: number): CurveReading[] {
  return lineReadings<CurvePoint, CurveLine>(geometry, layer, 50).map(({ line, ...reading }) => ({
    id: line.id,
    label: line.label,
    color: line.color,
    active: line.active,
    ...reading,
  }))
}
