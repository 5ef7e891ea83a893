import { memo, type ReactNode, type Ref } from 'react'
import type { CommonnessFigure, Regression } from '../../../core/corpus/figures/figures'
import type { Box } from '../../line/curveLabels'
import { Subscripted } from '../../Subscripted'
import type { AxisScale } from '../axisScale'
import type { DensityPath } from './densityPaths'
import { type Extremes, extremePoints, type LabelWish, placeLabels } from './extremeLabels'
import {
  clearOf,
  drawBins,
  drawDiagonal,
  drawRegression,
  type RegressionDrawing,
  type Scales,
  scatterTicks,
} from './scatterGeometry'
import type { View } from './scatterView'

export interface ScatterOverlayProps {
  readonly width: number
  readonly height: number
  readonly plot: Box
  readonly view: View
  readonly scales: Scales
  readonly xLabel: string
  readonly yLabel: string
  readonly axes: Readonly<Record<'x' | 'y', AxisScale>>
  readonly regression: Regression | null
  readonly otherRegression: Regression | null
  readonly regressionNames?: readonly [own: string, other: string]
  readonly bins: CommonnessFigure['bins']
  readonly diagonal: string | null
  /** Named points, in the data's units. */
  readonly extremes: readonly LabelWish[]
  /** Squares in place of the canvas, for a file; null on the page. */
  readonly density: readonly DensityPath[] | null
  readonly svgRef?: Ref<SVGSVGElement>
  /** Parts that change with the pointer. */
  readonly children?: ReactNode
}

function Axes({
  plot,
  scales,
  xLabel,
  yLabel,
  axes,
}: Pick<ScatterOverlayProps, 'plot' | 'scales' | 'xLabel' | 'yLabel' | 'axes'>) {
  const ticks = scatterTicks(scales, axes)
  return (
    <g className="chart-axes">
      <text className="chart-axis-label" x={0} y={11}>
        <Subscripted text={`↑ ${yLabel}`} />
      </text>
      {ticks.y.map(({ value, position, formattedValue }) => (
        <g key={value}>
          <line className="chart-grid-line" x1={plot.left} x2={plot.right} y1={position} y2={position} />
          <text className="chart-tick" x={plot.left - 8} y={position} dy="0.32em" textAnchor="end">
            {formattedValue}
          </text>
        </g>
      ))}
      <line className="chart-axis-line" x1={plot.left} x2={plot.right} y1={plot.bottom} y2={plot.bottom} />
      {ticks.x.map(({ value, position, formattedValue }) => (
        <g key={value}>
          <line
            className="chart-axis-line"
            x1={position}
            x2={position}
            y1={plot.bottom}
            y2={plot.bottom + 4}
          />
          <text className="chart-tick" x={position} y={plot.bottom + 17} textAnchor="middle">
            {formattedValue}
          </text>
        </g>
      ))}
      <text className="chart-axis-label" x={plot.right} y={plot.bottom + 34} textAnchor="end">
        <Subscripted text={`${xLabel} →`} />
      </text>
    </g>
  )
}

/** Draws axes under the points, as a drawing of their own: grid lines never cover data. */
export const ScatterAxes = memo(Axes)

/** Draws everything that is over the points. */
export const ScatterOverlay = memo(function ScatterOverlay(props: ScatterOverlayProps) {
  const { width, height, plot, view, scales, xLabel, yLabel, axes, svgRef, density } = props
  const bins = drawBins(props.bins, view, scales)
  const [ownName, otherName] = props.regressionNames ?? []
  const line = props.regression && drawRegression(props.regression, view, scales, plot, bins, ownName)
  const free =
    props.otherRegression && drawRegression(props.otherRegression, view, scales, plot, [], otherName)
  const other = free && line ? clearOf(free, line.box, plot) : free
  const diagonal = props.diagonal === null ? null : drawDiagonal(view, scales)
  const wishes = props.extremes.map((wish) => ({ ...wish, x: scales.x(wish.x), y: scales.y(wish.y) }))
  const labels = placeLabels(
    wishes,
    plot,
    [line, other].flatMap((drawn) => (drawn ? [drawn.box] : [])),
  )
  return (
    <svg
      ref={svgRef}
      className="chart-svg corpus-overlay"
      width={width}
      height={height}
      viewBox={`0 0 ${width} ${height}`}
      aria-hidden="true"
    >
      {density && (
        <g className="corpus-file-only">
          <ScatterAxes plot={plot} scales={scales} xLabel={xLabel} yLabel={yLabel} axes={axes} />
          {density.map(({ id, d, fill, opacity }) => (
            <path key={id} d={d} fill={fill} fillOpacity={opacity} />
          ))}
        </g>
      )}
      {diagonal && <path className="corpus-diagonal" d={diagonal} />}
      {other && (
        <g className="corpus-regression">
          <path className="corpus-halo" d={other.path} />
          <path className="corpus-line corpus-line-other" d={other.path} />
        </g>
      )}
      {line && (
        <g className="corpus-regression">
          <path className="corpus-band" d={line.band} />
          <path className="corpus-halo" d={line.path} />
          <path className="corpus-line" d={line.path} />
        </g>
      )}
      {bins.map(({ id, x, y, interval }) => (
        <g key={id} className="corpus-bin">
          {interval && <path d={`M${x},${interval[0]}V${interval[1]}`} />}
          <circle cx={x} cy={y} r={4} />
        </g>
      ))}
      {diagonal && <DiagonalLabel text={props.diagonal ?? ''} view={view} scales={scales} />}
      {other && <RegressionLabel line={other} className="corpus-label-other" />}
      {line && <RegressionLabel line={line} />}
      {labels.map(({ id, text, x, y, labelX, labelY }) => (
        <g key={id} className="corpus-extreme">
          <circle cx={x} cy={y} r={4.5} />
          <text x={labelX} y={labelY} dy="0.33em">
            {text}
          </text>
        </g>
      ))}
      {props.children}
    </svg>
  )
})

interface RegressionLabelProps {
  readonly line: RegressionDrawing
  readonly className?: string
}

function RegressionLabel({ line: { box, text, textY }, className = '' }: RegressionLabelProps) {
  return (
    <g>
      <rect
        className="corpus-plate"
        x={box.left - 4}
        y={box.top - 2}
        width={box.right - box.left + 8}
        height={20}
        rx={3}
      />
      <text
        className={`corpus-regression-label ${className}`}
        x={(box.left + box.right) / 2}
        y={textY}
        textAnchor="middle"
      >
        {text}
      </text>
    </g>
  )
}

function DiagonalLabel({ text, view, scales }: { text: string; view: View; scales: Scales }) {
  const high = Math.min(view.x[1], view.y[1])
  return (
    <text className="corpus-note" x={scales.x(high) - 8} y={scales.y(high) + 26} textAnchor="end">
      {text}
    </text>
  )
}

/** Returns the names of the outermost points, in the data's units. */
export function extremeWishes(
  x: Float32Array,
  y: Float32Array,
  tokenIds: Uint32Array,
  extremes: Extremes,
  tokenName: (id: number) => string,
): LabelWish[] {
  return extremePoints(x, y, tokenIds, extremes).map((i) => ({
    id: i,
    text: tokenName(tokenIds[i]),
    x: x[i],
    y: y[i],
  }))
}
