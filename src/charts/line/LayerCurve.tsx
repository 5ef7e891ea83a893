import { type Ref, useMemo } from 'react'
import { LineChart } from './LineChart'
import type { LineChartOptions, LineSeries } from './lineChartGeometry'

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

export interface LayerCurveProps {
  readonly series: readonly CurveSeries[]
  /** Name of the values, with the norm: `D_l, l2 over the whole sequence`. */
  readonly yLabel: string
  /** Px; the caller measures (useElementWidth). */
  readonly width: number
  readonly height: number
  /** Scale of the values; by default from 0, or from the least value where one is below. */
  readonly scale?: LineChartOptions['scale']
  readonly formatValue?: (value: number) => string
  /** Draws lines of models of different depth over l / L, each over the whole width. */
  readonly byDepth?: boolean
  /** Name of the chart for screen readers. */
  readonly title?: string
  /** The drawing, for export. */
  readonly svgRef?: Ref<SVGSVGElement>
}

/** Returns a line's values at their layers, or at their depths l / L, where each is read at its nearest layer. */
export function curveSeries({ color, values, ...line }: CurveSeries, byDepth = false): LineSeries {
  const last = Math.max(1, values.length - 1)
  return {
    ...line,
    className: `chart-series-${color % 8}`,
    layers: values.map((value, layer) =>
      byDepth ? { layer: layer / last, ownLayer: layer, value } : { layer, value },
    ),
  }
}

/** Draws values over the layers, one line a comparison. */
export function LayerCurve({
  series,
  byDepth = false,
  title = 'Distance by layer',
  ...chart
}: LayerCurveProps) {
  const lines = useMemo(() => series.map((one) => curveSeries(one, byDepth)), [series, byDepth])
  return (
    <div className="chart chart-curve">
      <LineChart {...chart} series={lines} byDepth={byDepth} title={title} />
    </div>
  )
}
