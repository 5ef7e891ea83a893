import { type KeyboardEvent, type PointerEvent, type Ref, useId, useMemo, useState } from 'react'
import './charts.css'
import { formatNumber } from './formatNumber'
import { subscriptParts } from './labelText'
import { layerName, spokenLayer } from './layerAxis'
import {
  type CurveLine,
  type CurveSeries,
  type LayerCurveGeometry,
  layerCurveGeometry,
  readingsAt,
} from './layerCurveGeometry'

export interface LayerCurveProps {
  readonly series: readonly CurveSeries[]
  /** What the values are, with the norm: `D_l, l2 over the whole sequence`. */
  readonly yLabel: string
  /** Px; the caller measures (useElementWidth). */
  readonly width: number
  readonly height: number
  readonly formatValue?: (value: number) => string
  /** Name of the chart for those who do not see it. */
  readonly title?: string
  readonly description?: string
  /** The drawing, for export. */
  readonly svgRef?: Ref<SVGSVGElement>
}

interface LayerCursor {
  readonly layer: number
  readonly by: 'pointer' | 'keyboard'
}

const colorClass = (color: number) => `chart-series-${color % 8}`

/** `D_l` with its index set low. */
function Subscripted({ text }: { readonly text: string }) {
  let end = 0
  return subscriptParts(text).map(({ text: part, low }) => {
    const start = end
    end += part.length
    const dy = low ? 3 : start > 0 ? -3 : 0
    return (
      <tspan key={start} className={low ? 'chart-subscript' : undefined} dy={dy}>
        {part}
      </tspan>
    )
  })
}

function Axes({ geometry, yLabel }: { readonly geometry: LayerCurveGeometry; readonly yLabel: string }) {
  const { plot, xTicks, yTicks, wide } = geometry
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
      {wide && xTicks.length > 0 && (
        <text className="chart-tick" x={plot.right + 18} y={plot.bottom + 17}>
          layer
        </text>
      )}
    </g>
  )
}

function Line({ line, clipPath }: { readonly line: CurveLine; readonly clipPath?: string }) {
  return (
    <g
      className={`chart-line ${colorClass(line.color)}${line.active ? ' chart-active' : ''}`}
      clipPath={clipPath}
    >
      <path d={line.path} />
      {line.points.map(({ layer, x, y }) => (
        <circle key={layer} cx={x} cy={y} r={line.active ? 3 : 2} />
      ))}
    </g>
  )
}

function Labels({ geometry }: { readonly geometry: LayerCurveGeometry }) {
  const lines = new Map(geometry.lines.map((line) => [line.id, line]))
  return geometry.labels.map(({ id, text, fullText, x, y, leader }) => {
    const line = lines.get(id)
    return (
      <g
        key={id}
        className={`chart-label${geometry.wide ? '' : ' chart-inner'} ${colorClass(line?.color ?? 0)}${line?.active ? ' chart-active' : ''}`}
      >
        {leader && <path className="chart-leader" d={leader} />}
        <text x={x} y={y} dy="0.33em">
          <title>{fullText}</title>
          {text}
        </text>
      </g>
    )
  })
}

function CursorRule({
  geometry,
  layer,
  formatValue,
}: {
  readonly geometry: LayerCurveGeometry
  readonly layer: number
  readonly formatValue: (value: number) => string
}) {
  const { plot, xOf } = geometry
  const x = xOf(layer)
  return (
    <g className="chart-cursor" data-export="omit">
      <line className="chart-rule" x1={x} x2={x} y1={plot.top - 6} y2={plot.bottom} />
      <text className="chart-tick chart-tick-current" x={x} y={plot.bottom + 17} textAnchor="middle">
        {layerName(layer)}
      </text>
      {readingsAt(geometry, layer).map(({ id, color, active, point, x: textX, y, anchor }) => (
        <g key={id} className={`chart-reading ${colorClass(color)}${active ? ' chart-active' : ''}`}>
          <circle cx={point.x} cy={point.y} r={4.5} />
          <text x={textX} y={y} dy="0.33em" textAnchor={anchor}>
            {formatValue(point.value)}
          </text>
        </g>
      ))}
    </g>
  )
}

/**
 * Values over the layers, one line a comparison, labelled at the line. Pointer or arrow keys move a cursor over the
 * layers, which reads the values of all lines. The active line grows from layer 0 to L when it becomes another one.
 */
export function LayerCurve({
  series,
  yLabel,
  width,
  height,
  formatValue = formatNumber,
  title = 'Distance by layer',
  description,
  svgRef,
}: LayerCurveProps) {
  const id = useId()
  const geometry = useMemo(() => layerCurveGeometry(series, { width, height }), [series, width, height])
  const [moved, setCursor] = useState<LayerCursor | null>(null)
  const cursor = moved && moved.layer <= geometry.lastLayer ? moved : null
  const { plot, lastLayer, lines } = geometry
  const activeId = lines.find(({ active }) => active)?.id

  const spoken = cursor
    ? `${spokenLayer(cursor.layer)}: ${readingsAt(geometry, cursor.layer)
        .map(({ label, point }) => `${label} ${formatValue(point.value)}`)
        .join('; ')}`
    : ''

  function followPointer(event: PointerEvent<HTMLDivElement>) {
    const box = event.currentTarget.getBoundingClientRect()
    const x = ((event.clientX - box.left) / (box.width || 1)) * width
    if (lastLayer >= 0) setCursor({ layer: geometry.layerAt(x), by: 'pointer' })
  }

  function moveByKey(event: KeyboardEvent<HTMLDivElement>) {
    const from = cursor?.layer ?? 0
    const targets: Record<string, number | null> = {
      ArrowRight: Math.min(lastLayer, from + 1),
      ArrowLeft: Math.max(0, from - 1),
      Home: 0,
      End: lastLayer,
      Escape: null,
    }
    const layer = targets[event.key]
    if (layer === undefined || lastLayer < 0) return
    event.preventDefault()
    setCursor(layer === null ? null : { layer, by: 'keyboard' })
  }

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
        aria-valuetext={spokenLayer(cursor?.layer ?? 0)}
        tabIndex={0}
        onKeyDown={moveByKey}
        onFocus={(event) => {
          if (event.currentTarget.matches(':focus-visible') && !cursor && lastLayer >= 0) {
            setCursor({ layer: 0, by: 'keyboard' })
          }
        }}
        onBlur={() => setCursor(null)}
        onPointerMove={followPointer}
        onPointerDown={followPointer}
        onPointerLeave={(event) => {
          if (event.pointerType !== 'touch') setCursor((now) => (now?.by === 'pointer' ? null : now))
        }}
      >
        <svg
          ref={svgRef}
          className="chart-svg"
          width={width}
          height={height}
          viewBox={`0 0 ${width} ${height}`}
          aria-hidden="true"
        >
          <Axes geometry={geometry} yLabel={yLabel} />
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
          {cursor && <CursorRule geometry={geometry} layer={cursor.layer} formatValue={formatValue} />}
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
