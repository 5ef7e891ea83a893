import { type Ref, useId, useMemo } from 'react'
import '../charts.css'
import './corpusCharts.css'
import { formatNumber } from '../formatNumber'
import { CursorRule, LayerAxes, LineLabels } from '../LineChartParts'
import { depthName, layerName, spokenDepth, spokenLayer } from '../layerAxis'
import { useElementWidth } from '../useElementWidth'
import { useLayerCursor } from '../useLayerCursor'
import {
  type BandChartGeometry,
  type BandScaleOptions,
  type BandSeries,
  type BandValue,
  bandChartGeometry,
  bandReadings,
} from './bandChartGeometry'

export interface BandChartProps extends BandScaleOptions {
  readonly series: readonly BandSeries[]
  /** Name of the values, with norm or unit. */
  readonly yLabel: string
  /** Name of the chart for screen readers. */
  readonly title: string
  readonly description: string
  readonly formatValue?: (value: number) => string
  /** Words at the reference line. */
  readonly referenceLabel?: string
  readonly height?: number
  readonly svgRef?: Ref<SVGSVGElement>
}

/** Space in px that the words need above the reference line; with less they are drawn below it. */
const LABEL_ROOM = 16

function Lines({ geometry }: { readonly geometry: BandChartGeometry }) {
  return (
    <>
      {geometry.lines.map(({ id, className, band }) => (
        <path key={id} className={`corpus-series-band ${className}`} d={band} />
      ))}
      {geometry.lines.map(({ id, className, path, points }) => (
        <g key={id} className={`chart-line ${className}`}>
          <path d={path} />
          {points.map(({ layer, x, y }) => (
            <circle key={layer} cx={x} cy={y} r={2} />
          ))}
        </g>
      ))}
    </>
  )
}

function Labels({ geometry }: { readonly geometry: BandChartGeometry }) {
  const classes = new Map(geometry.lines.map(({ id, className }) => [id, className]))
  return <LineLabels labels={geometry.labels} classOf={(id) => classes.get(id) ?? ''} />
}

/** Returns `2.14 (2.10 to 2.19)`, or the value alone if it has no interval. */
export function intervalText({ value, low, high }: BandValue, format: (value: number) => string): string {
  const interval = Number.isFinite(low) && Number.isFinite(high) ? ` (${format(low)} to ${format(high)})` : ''
  return `${format(value)}${interval}`
}

/** Returns the number of values per point: one number, or the smallest and the largest. */
export function countText(series: readonly BandSeries[]): string {
  const counts = series.flatMap(({ layers }) => layers.map(({ n }) => n))
  if (counts.length === 0) return 'n 0'
  const [least, most] = [Math.min(...counts), Math.max(...counts)].map((n) => n.toLocaleString('en'))
  return least === most ? `n ${least}` : `n ${least} to ${most}`
}

/**
 * Draws means over the layers, each with its interval as a band and its name at its end. Pointer or arrow keys move a
 * cursor over the layers, which reads all lines there.
 */
export function BandChart({
  series,
  yLabel,
  title,
  description,
  formatValue = formatNumber,
  referenceLabel,
  height = 260,
  svgRef,
  scale,
  reference,
  byDepth = false,
  formatTick,
}: BandChartProps) {
  const id = useId()
  const [frame, width] = useElementWidth<HTMLDivElement>()
  const geometry = useMemo(
    () => bandChartGeometry(series, { width, height }, { scale, reference, byDepth, formatTick }),
    [series, width, height, scale, reference, byDepth, formatTick],
  )
  const { plot, layers, referenceY } = geometry
  const { cursor, handlers } = useLayerCursor({ layers, width, layerAt: geometry.layerAt })
  const readings = cursor ? bandReadings(geometry, cursor.layer) : []
  const sayLayer = byDepth ? spokenDepth : spokenLayer
  const spoken = cursor
    ? `${sayLayer(cursor.layer)}: ${readings
        .map(({ label, point }) => `${label} ${intervalText(point, formatValue)}`)
        .join('; ')}`
    : ''

  return (
    <div className="chart chart-curve" ref={frame}>
      {/* The size is known once the frame is on the page. */}
      {width > 0 && (
        <div
          className="chart-focus"
          role="slider"
          aria-label={title}
          aria-describedby={`${id}description`}
          aria-orientation="horizontal"
          aria-valuemin={layers[0] ?? 0}
          aria-valuemax={layers.at(-1) ?? 0}
          aria-valuenow={cursor?.layer ?? layers[0] ?? 0}
          aria-valuetext={spoken || sayLayer(layers[0] ?? 0)}
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
            <LayerAxes geometry={byDepth ? { ...geometry, wide: false } : geometry} yLabel={yLabel} />
            {byDepth && (
              <text className="chart-axis-label" x={plot.right} y={plot.bottom + 34} textAnchor="end">
                relative depth, layer l of L →
              </text>
            )}
            {referenceY !== null && (
              <g className="corpus-reference">
                <line x1={plot.left} x2={plot.right} y1={referenceY} y2={referenceY} />
                <text
                  className="corpus-note"
                  x={plot.left + 6}
                  y={referenceY - plot.top < LABEL_ROOM ? referenceY + LABEL_ROOM : referenceY - 6}
                >
                  {referenceLabel}
                </text>
              </g>
            )}
            <Lines geometry={geometry} />
            <Labels geometry={geometry} />
            {cursor && (
              <CursorRule
                x={geometry.xOf(cursor.layer)}
                plot={plot}
                name={byDepth ? depthName(cursor.layer) : layerName(cursor.layer)}
                readings={readings}
                formatValue={formatValue}
              />
            )}
          </svg>
        </div>
      )}
      <div className="chart-foot">
        <p className="chart-readout" aria-hidden="true">
          {spoken || countText(series)}
        </p>
      </div>
      <p id={`${id}description`} className="chart-hidden">
        {description} {countText(series)}. Arrow keys move over the layers.
      </p>
      <p className="chart-hidden" aria-live="polite">
        {cursor?.by === 'keyboard' ? spoken : ''}
      </p>
    </div>
  )
}
