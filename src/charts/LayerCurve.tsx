import { type Ref, useId, useMemo } from 'react'
import './charts.css'
import { formatNumber } from './formatNumber'
import { CursorRule, LayerAxes, LineLabels } from './LineChartParts'
import { depthName, layerName, spokenDepth, spokenLayer } from './layerAxis'
import {
  type CurveLine,
  type CurveSeries,
  type LayerCurveGeometry,
  layerCurveGeometry,
  readingsAt,
} from './layerCurveGeometry'
import { useLayerCursor } from './useLayerCursor'

export interface LayerCurveProps {
  readonly series: readonly CurveSeries[]
  /** Name of the values, with the norm: `D_l, l2 over the whole sequence`. */
  readonly yLabel: string
  /** Px; the caller measures (useElementWidth). */
  readonly width: number
  readonly height: number
  readonly formatValue?: (value: number) => string
  /** Draws lines of models of different depth over l / L, each over the whole width. */
  readonly byDepth?: boolean
  /** Name of the chart for screen readers. */
  readonly title?: string
  readonly description?: string
  /** The drawing, for export. */
  readonly svgRef?: Ref<SVGSVGElement>
}

const colorClass = (color: number) => `chart-series-${color % 8}`

const lookOf = ({ color, active }: Pick<CurveLine, 'color' | 'active'>) =>
  `${colorClass(color)}${active ? ' chart-active' : ''}`

function Line({ line, clipPath }: { readonly line: CurveLine; readonly clipPath?: string }) {
  return (
    <g className={`chart-line ${lookOf(line)}${line.dashed ? ' chart-dashed' : ''}`} clipPath={clipPath}>
      <path d={line.path} />
      {line.points.map(({ layer, x, y }) => (
        <circle key={layer} cx={x} cy={y} r={line.active ? 3 : 2} />
      ))}
    </g>
  )
}

function Labels({ geometry }: { readonly geometry: LayerCurveGeometry }) {
  const lines = new Map(geometry.lines.map((line) => [line.id, line]))
  const classOf = (id: string) => {
    const line = lines.get(id)
    return `${geometry.wide ? '' : 'chart-inner '}${line ? lookOf(line) : ''}`
  }
  return <LineLabels labels={geometry.labels} classOf={classOf} />
}

/**
 * Draws values over the layers, one line a comparison, with its label at the line. Pointer or arrow keys move a cursor
 * over the layers, which reads the values of all lines. A line that becomes the active one grows from layer 0 to L.
 */
export function LayerCurve({
  series,
  yLabel,
  width,
  height,
  formatValue = formatNumber,
  byDepth = false,
  title = 'Distance by layer',
  description,
  svgRef,
}: LayerCurveProps) {
  const id = useId()
  const geometry = useMemo(
    () => layerCurveGeometry(series, { width, height }, byDepth),
    [series, width, height, byDepth],
  )
  const { plot, lastLayer, lines } = geometry
  const layers = useMemo(() => Array.from({ length: lastLayer + 1 }, (_, layer) => layer), [lastLayer])
  const { cursor, handlers } = useLayerCursor({ layers, width, layerAt: geometry.layerAt })
  const activeId = lines.find(({ active }) => active)?.id

  const readings = cursor ? readingsAt(geometry, cursor.layer) : []
  const depthAt = (layer: number) => (lastLayer > 0 ? layer / lastLayer : 0)
  const spokenPlace = (layer: number) => (byDepth ? spokenDepth(depthAt(layer)) : spokenLayer(layer))
  const spoken = cursor
    ? `${spokenPlace(cursor.layer)}: ${readings
        .map(({ label, layer, point }) =>
          [label, byDepth && spokenLayer(layer), formatValue(point.value)].filter(Boolean).join(' '),
        )
        .join('; ')}`
    : ''

  return (
    <div className="chart chart-curve">
      <div
        className="chart-focus"
        role="slider"
        aria-label={title}
        aria-describedby={description ? `${id}description` : undefined}
        aria-orientation="horizontal"
        aria-valuemin={0}
        aria-valuemax={Math.max(0, lastLayer)}
        aria-valuenow={cursor?.layer ?? 0}
        aria-valuetext={spokenPlace(cursor?.layer ?? 0)}
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
          <clipPath id={`${id}clip`} data-export="omit">
            <rect
              key={activeId}
              className="chart-grow"
              x={plot.left - 6}
              y={0}
              width={plot.right - plot.left + 12}
              height={height}
            />
          </clipPath>
          {lines.map((line) => (
            <Line key={line.id} line={line} clipPath={line.active ? `url(#${id}clip)` : undefined} />
          ))}
          <Labels geometry={geometry} />
          {cursor && (
            <CursorRule
              x={geometry.xOf(cursor.layer)}
              plot={plot}
              name={byDepth ? depthName(depthAt(cursor.layer)) : layerName(cursor.layer)}
              readings={readings.map((reading) => ({ ...reading, className: lookOf(reading) }))}
              formatValue={formatValue}
            />
          )}
        </svg>
      </div>
      {description && (
        <p id={`${id}description`} className="chart-hidden">
          {description}
        </p>
      )}
      <p className="chart-hidden" aria-live="polite">
        {cursor?.by === 'keyboard' ? spoken : ''}
      </p>
    </div>
  )
}
