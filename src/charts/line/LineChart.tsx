import { type ReactNode, type Ref, useId, useMemo } from 'react'
import '../charts.css'
import { formatNumber } from '../formatNumber'
import { CursorRule, LayerAxes, LineLabels } from './LineChartParts'
import { DEPTH_AXIS, layerName, spokenLayer } from './layerAxis'
import {
  type DrawnLine,
  type LineChartOptions,
  type LineSeries,
  type LineValue,
  lineChartGeometry,
  lineReadings,
} from './lineChartGeometry'
import { useLayerCursor } from './useLayerCursor'

export interface LineChartProps extends LineChartOptions {
  readonly series: readonly LineSeries[]
  /** Name of the values, with norm or unit: `D_l, l2 over the whole sequence`. */
  readonly yLabel: string
  /** Name of the chart for screen readers. */
  readonly title: string
  readonly description?: string
  /** Px; the caller measures (useElementWidth). */
  readonly width: number
  readonly height: number
  readonly formatValue?: (value: number) => string
  /** Words at the reference line. */
  readonly referenceLabel?: string
  /** Returns what is below the drawing, given the words of what is read, or none. */
  readonly foot?: (spoken: string) => ReactNode
  /** The drawing, for export. */
  readonly svgRef?: Ref<SVGSVGElement>
}

/** Space in px that the words need above the reference line; with less they are drawn below it. */
const LABEL_ROOM = 16

/** Returns `2.14 (2.10 to 2.19)`, or the value alone if it has no interval. */
export function intervalText(
  { value, low = Number.NaN, high = Number.NaN }: LineValue,
  format: (value: number) => string,
): string {
  const interval = Number.isFinite(low) && Number.isFinite(high) ? ` (${format(low)} to ${format(high)})` : ''
  return `${format(value)}${interval}`
}

const lookOf = ({ className, active }: Pick<DrawnLine, 'className' | 'active'>) =>
  `${className}${active ? ' chart-active' : ''}`

function Line({ line }: { readonly line: DrawnLine }) {
  const looks = ['chart-line', lookOf(line), line.dashed && 'chart-dashed', line.active && 'chart-grow']
  return (
    <g className={looks.filter(Boolean).join(' ')}>
      <path d={line.path} />
      {line.points.map(({ layer, x, y }) => (
        <circle key={layer} cx={x} cy={y} r={line.active ? 3 : 2} />
      ))}
    </g>
  )
}

/**
 * Draws values over the layers: lines straight between them, each with its name, and a band where values have intervals.
 * Pointer or arrow keys move a cursor over the layers, which reads all lines there. A line that becomes the active one
 * grows from the first layer to the last.
 */
export function LineChart({
  series,
  yLabel,
  title,
  description,
  width,
  height,
  formatValue = formatNumber,
  referenceLabel,
  foot,
  svgRef,
  scale,
  reference,
  byDepth = false,
  axis,
  formatTick,
  names,
}: LineChartProps) {
  const id = useId()
  const geometry = useMemo(
    () =>
      lineChartGeometry(series, { width, height }, { scale, reference, byDepth, axis, formatTick, names }),
    [series, width, height, scale, reference, byDepth, axis, formatTick, names],
  )
  const { plot, layers, lines, referenceY, wide } = geometry
  const { cursor, handlers } = useLayerCursor({ layers, width, layerAt: geometry.layerAt })
  const looks = new Map(lines.map((line) => [line.id, lookOf(line)]))
  const inner = wide || names === 'whole' ? '' : 'chart-inner '

  const readings = cursor ? lineReadings(geometry, cursor.layer) : []
  const placed = axis ?? (byDepth ? DEPTH_AXIS : null)
  const sayPlace = placed?.spoken ?? spokenLayer
  const spoken = cursor
    ? `${sayPlace(cursor.layer)}: ${readings
        .map(({ label, point }) =>
          [
            label,
            byDepth && point.ownLayer !== undefined && spokenLayer(point.ownLayer),
            intervalText(point, formatValue),
          ]
            .filter(Boolean)
            .join(' '),
        )
        .join('; ')}`
    : ''

  return (
    <>
      <div
        className="chart-focus"
        role="slider"
        aria-label={title}
        aria-describedby={description ? `${id}description` : undefined}
        aria-orientation="horizontal"
        aria-valuemin={layers[0] ?? 0}
        aria-valuemax={layers.at(-1) ?? 0}
        aria-valuenow={cursor?.layer ?? layers[0] ?? 0}
        aria-valuetext={sayPlace(cursor?.layer ?? layers[0] ?? 0)}
        tabIndex={0}
        {...handlers}
      >
        <svg
          ref={svgRef}
          className="chart-svg"
          width={width}
          height={height}
          viewBox={`0 0 ${width} ${height}`}
          aria-hidden="true"
        >
          <LayerAxes geometry={geometry} yLabel={yLabel} />
          {referenceY !== null && (
            <g className="chart-reference">
              <line x1={plot.left} x2={plot.right} y1={referenceY} y2={referenceY} />
              <text
                x={plot.left + 6}
                y={referenceY - plot.top < LABEL_ROOM ? referenceY + LABEL_ROOM : referenceY - 6}
              >
                {referenceLabel}
              </text>
            </g>
          )}
          {lines.map(
            (line) =>
              line.band && <path key={line.id} className={`chart-band ${line.className}`} d={line.band} />,
          )}
          {lines.map((line) => (
            <Line key={line.id} line={line} />
          ))}
          <LineLabels labels={geometry.labels} classOf={(one) => `${inner}${looks.get(one) ?? ''}`} />
          {cursor && (
            <CursorRule
              x={geometry.xOf(cursor.layer)}
              plot={plot}
              name={(placed?.name ?? layerName)(cursor.layer)}
              readings={readings.map((reading) => ({ ...reading, className: lookOf(reading) }))}
              formatValue={formatValue}
            />
          )}
        </svg>
      </div>
      {foot?.(spoken)}
      {description && (
        <p id={`${id}description`} className="chart-hidden">
          {description}
        </p>
      )}
      <p className="chart-hidden" aria-live="polite">
        {cursor?.by === 'keyboard' ? spoken : ''}
      </p>
    </>
  )
}
