import { memo, type Ref, useId, useMemo, useRef } from 'react'
import '../charts.css'
import { AmountLegend } from '../AmountLegend'
import { type AmountTransform, createAmountScale, type ScaleColors } from '../amountScale'
import type { Domain } from '../domain'
import { formatNumber } from '../formatNumber'
import { spokenLayer } from '../line/layerAxis'
import { RippleLegend } from './RippleLegend'
import {
  type Cell,
  cellPaths,
  columnLabels,
  type RippleMapGeometry,
  rippleMapGeometry,
} from './rippleMapGeometry'
import { useRippleCursor } from './useRippleCursor'

export interface RippleMapProps {
  /** [layers, positions], row-major, h_0 first. */
  readonly values: Float32Array
  readonly layers: number
  readonly positions: number
  /** Column labels, by position; a new array is laid out anew. */
  readonly tokens: readonly string[]
  /** Substituted positions. */
  readonly chosen: readonly number[]
  /** Width of the frame, px; the caller measures it (useElementWidth). */
  readonly width: number
  /** Ends of the scale, resolved to colours: the values of --scale-low and --scale-high. */
  readonly colors: ScaleColors
  /**
   * Transform of the scale; by default a square root if most amounts are small compared with the largest, else linear.
   */
  readonly transform?: AmountTransform
  /** Ends of the scale; by default those of the values. Values beyond take the colour of an end. */
  readonly domain?: Domain
  /** Meaning of the lower and the upper end, in words. */
  readonly ends?: readonly [string, string]
  /** Cell that is outlined. */
  readonly marked?: Cell | null
  readonly formatValue?: (value: number) => string
  /** Name of the quantity that the colour encodes, with its norm. */
  readonly label?: string
  /** Token as which the hidden state of a cell reads; null while it is not known. */
  readonly readingAt?: (layer: number, position: number) => string | null
  /** Called when the pointer or the keyboard's cursor comes to a column. */
  readonly onColumn?: (position: number) => void
  /** Called when a cell is clicked, or chosen with Enter. */
  readonly onSelect?: (position: number, layer: number) => void
  /** Effect of Enter, as a sentence. */
  readonly selecting?: string
  /** Name of the chart for screen readers. */
  readonly title?: string
  readonly description?: string
  /** The drawing, for export. */
  readonly svgRef?: Ref<SVGSVGElement>
}

const Cells = memo(function Cells({ paths }: { readonly paths: ReturnType<typeof cellPaths> }) {
  return paths.map(({ fill, d }) => (
    <path key={fill} className={fill === null ? 'chart-missing' : undefined} fill={fill ?? undefined} d={d} />
  ))
})

function LayerTicks({ geometry }: { readonly geometry: RippleMapGeometry }) {
  return geometry.layerTicks.map(({ value, position, formattedValue }) => (
    <text key={value} className="chart-tick" x={geometry.left - 8} y={position} dy="0.33em" textAnchor="end">
      {formattedValue}
    </text>
  ))
}

/** Draws a bar under each substituted column: its label may be as small as a full stop. */
function ChosenMarks({
  geometry,
  chosen,
}: {
  readonly geometry: RippleMapGeometry
  readonly chosen: readonly number[]
}) {
  return chosen
    .filter((position) => position < geometry.positions)
    .map((position) => {
      const { x, width } = geometry.boxOf({ layer: 0, position })
      return (
        <rect
          key={position}
          className="chart-chosen"
          x={x}
          y={geometry.bottom + 1}
          width={width}
          height={3}
        />
      )
    })
}

function ColumnLabels({
  geometry,
  tokens,
  chosen,
  current,
}: {
  readonly geometry: RippleMapGeometry
  readonly tokens: readonly string[]
  readonly chosen: readonly number[]
  readonly current: number | null
}) {
  const { bottom, labelAngle } = geometry
  const lying = labelAngle === 0
  return columnLabels(geometry, tokens, chosen, current).map(({ position, text, fullText, x, chosen }) => (
    <text
      key={position}
      className={`chart-tick${chosen ? ' chart-tick-chosen' : ''}${position === current ? ' chart-tick-current' : ''}`}
      textAnchor={lying ? 'middle' : 'end'}
      transform={
        lying ? `translate(${x},${bottom + 16})` : `translate(${x + 3},${bottom + 9}) rotate(${labelAngle})`
      }
    >
      <title>{fullText}</title>
      {text}
    </text>
  ))
}

/**
 * Draws layers by positions as a heat map of the effect of a change. Pointer or arrow keys move a cell cursor that
 * reads the value and the token as which the hidden state reads; a long sequence scrolls inside its own frame.
 */
export function RippleMap({
  values,
  layers,
  positions,
  tokens,
  chosen,
  width,
  colors,
  transform,
  domain,
  ends,
  marked = null,
  formatValue = formatNumber,
  label = 'distance at the position, l2',
  readingAt,
  onColumn,
  onSelect,
  selecting = 'Enter chooses the position.',
  title = 'Ripple: distance by layer and position',
  description,
  svgRef,
}: RippleMapProps) {
  const id = useId()
  const frame = useRef<HTMLDivElement>(null)
  const geometry = useMemo(
    () => rippleMapGeometry({ layers, positions }, width, tokens),
    [layers, positions, width, tokens],
  )
  const { low, high } = colors
  const scale = useMemo(
    () => createAmountScale(values, { low, high }, { transform, domain }),
    [values, low, high, transform, domain],
  )
  const paths = useMemo(
    () => cellPaths({ values, layers, positions }, geometry, scale),
    [values, layers, positions, geometry, scale],
  )
  const firstChosen = chosen.find((position) => position < positions)
  const { cursor, handlers } = useRippleCursor({ geometry, frame, firstChosen, onColumn, onSelect })

  const isMarked = marked !== null && marked.layer < layers && marked.position < positions
  const outlined: (readonly [string, Cell])[] = []
  if (isMarked) outlined.push(['marked', marked])
  if (cursor) outlined.push(['cursor', cursor])
  const reads = cursor && readingAt?.(cursor.layer, cursor.position)
  const spoken = cursor
    ? `${spokenLayer(cursor.layer)}, position ${cursor.position} ${tokens[cursor.position] ?? ''}: ${formatValue(
        values[cursor.layer * positions + cursor.position],
      )}${reads ? `, reads as ${reads}` : ''}`
    : ''

  return (
    <div className="chart chart-ripple">
      <div className="chart-frame" ref={frame}>
        <div
          className="chart-focus"
          role="slider"
          aria-label={title}
          aria-roledescription="heat map"
          aria-valuemin={0}
          aria-valuemax={Math.max(0, positions - 1)}
          aria-valuenow={cursor?.position ?? 0}
          aria-valuetext={cursor ? `position ${cursor.position}, ${spokenLayer(cursor.layer)}` : 'no cell'}
          aria-describedby={`${id}description`}
          tabIndex={0}
          style={{ width: geometry.width }}
          {...handlers}
        >
          <svg
            ref={svgRef}
            className="chart-svg"
            width={geometry.width}
            height={geometry.height}
            viewBox={`0 0 ${geometry.width} ${geometry.height}`}
            aria-hidden="true"
          >
            <LayerTicks geometry={geometry} />
            <Cells paths={paths} />
            <ColumnLabels
              geometry={geometry}
              tokens={tokens}
              chosen={chosen}
              current={cursor?.position ?? null}
            />
            <ChosenMarks geometry={geometry} chosen={chosen} />
            {outlined.map(([name, cell]) => (
              <rect key={name} className="chart-outline" data-export="omit" {...geometry.boxOf(cell)} />
            ))}
            <RippleLegend label={label} ends={ends} scale={scale} colors={colors} formatValue={formatValue} />
          </svg>
        </div>
        {geometry.scrolls && (
          <svg
            className="chart-sticky-axis"
            width={geometry.left - 2}
            height={geometry.bottom}
            aria-hidden="true"
          >
            <LayerTicks geometry={geometry} />
          </svg>
        )}
      </div>
      <div className="chart-foot">
        <AmountLegend
          label={label}
          ends={ends}
          domain={scale.domain}
          colors={colors}
          transform={scale.transform}
          formatValue={formatValue}
        />
        <p className="chart-readout" aria-hidden="true">
          {spoken}
        </p>
      </div>
      <p id={`${id}description`} className="chart-hidden">
        {description} Arrow keys move over layers and positions.
        {onSelect ? ` ${selecting}` : ''}
      </p>
      <p className="chart-hidden" aria-live="polite">
        {cursor?.by === 'keyboard' ? spoken : ''}
      </p>
    </div>
  )
}
