import { Subscripted } from '../Subscripted'
import type { CurveLabel } from './curveLabels'
import type { Tick } from './layerAxis'
import type { LineReading } from './lineChartGeometry'

interface LayerAxesProps {
  readonly geometry: {
    readonly plot: { readonly left: number; readonly right: number; readonly bottom: number }
    readonly xTicks: readonly Tick[]
    readonly yTicks: readonly Tick[]
    /** True if there is space for words at the sides of the plot. */
    readonly wide: boolean
    /** Name of the axis of depths, in a row of its own; null over layers. */
    readonly axisLabel: string | null
  }
  /** Name of the values: `D_l, l2 over the whole sequence`. */
  readonly yLabel: string
}

/** Draws the axes: layers along x, values along y. */
export function LayerAxes({ geometry, yLabel }: LayerAxesProps) {
  const { plot, xTicks, yTicks, wide, axisLabel } = geometry
  return (
    <g className="chart-axes">
      <text className="chart-axis-label" x={0} y={11}>
        <Subscripted text={yLabel} />
      </text>
      {yTicks.map(({ value, position, formattedValue }, i) => (
        <g key={value} transform={`translate(0,${position})`}>
          <line className={i === 0 ? 'chart-axis-line' : 'chart-grid-line'} x1={plot.left} x2={plot.right} />
          <text className="chart-tick" x={plot.left - 8} dy="0.32em" textAnchor="end">
            {formattedValue}
          </text>
        </g>
      ))}
      {xTicks.map(({ value, position, formattedValue }) => (
        <text className="chart-tick" key={value} x={position} y={plot.bottom + 17} textAnchor="middle">
          {formattedValue}
        </text>
      ))}
      {axisLabel === null && wide && xTicks.length > 0 && (
        <text className="chart-tick" x={plot.right + 18} y={plot.bottom + 17}>
          layer
        </text>
      )}
      {axisLabel !== null && (
        <text className="chart-axis-label" x={plot.right} y={plot.bottom + 34} textAnchor="end">
          {axisLabel}
        </text>
      )}
    </g>
  )
}

/** Draws the names of lines at their ends. */
export function LineLabels({
  labels,
  classOf,
}: {
  readonly labels: readonly CurveLabel[]
  readonly classOf: (id: string) => string
}) {
  return labels.map(({ id, text, fullText, x, y, leader }) => (
    <g key={id} className={`chart-label ${classOf(id)}`}>
      {leader && <path className="chart-leader" d={leader} />}
      <text x={x} y={y} dy="0.33em">
        <title>{fullText}</title>
        {text}
      </text>
    </g>
  ))
}

interface CursorRuleProps {
  readonly x: number
  readonly plot: { readonly top: number; readonly bottom: number }
  /** Name of the layer on the axis. */
  readonly name: string
  readonly readings: readonly LineReading[]
  readonly formatValue: (value: number) => string
}

/** Draws a rule at the layer under the cursor, with the value of every line there. */
export function CursorRule({ x, plot, name, readings, formatValue }: CursorRuleProps) {
  return (
    <g className="chart-cursor" data-export="omit">
      <line className="chart-rule" x1={x} x2={x} y1={plot.top - 6} y2={plot.bottom} />
      <text className="chart-tick chart-tick-current" x={x} y={plot.bottom + 17} textAnchor="middle">
        {name}
      </text>
      {readings.map(({ id, className, point, x: textX, y, anchor }) => (
        <g key={id} className={`chart-reading ${className}`}>
          <circle cx={point.x} cy={point.y} r={4.5} />
          <text x={textX} y={y} dy="0.33em" textAnchor={anchor}>
            {formatValue(point.value)}
          </text>
        </g>
      ))}
    </g>
  )
}
