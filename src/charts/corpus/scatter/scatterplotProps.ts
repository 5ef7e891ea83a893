import type { ReactNode, Ref } from 'react'
import type { CommonnessFigure, Regression } from '../../../core/corpus/figures/figures'
import type { AxisScale } from '../axisScale'
import type { Extremes } from './extremeLabels'
import type { PointColumns } from './layers/pointLayer'

export interface ScatterplotProps {
  /** Columns of one length. A new array means new points, so pass the same array from render to render. */
  readonly points: PointColumns
  /** Token of each point, for names and extremes; absent if points are not tokens. */
  readonly tokenIds?: Uint32Array
  readonly tokenName?: (id: number) => string
  readonly xLabel: string
  readonly yLabel: string
  /** Name of the chart for screen readers. */
  readonly title: string
  readonly description?: string
  /** Returns a sentence about a point; by default its token and both values. */
  readonly describe?: (point: number) => string
  readonly regression?: Regression | null
  /** Regression of points that are not drawn: a second line, dashed. */
  readonly otherRegression?: Regression | null
  /** Name before the words of each line, if there are two. */
  readonly regressionNames?: readonly [own: string, other: string]
  readonly bins?: CommonnessFigure['bins']
  /** Words at the line y = x; both axes then share one scale. */
  readonly diagonal?: string
  /** Number of the highest and of the lowest points to name. */
  readonly extremes?: Extremes
  /** Scale of each axis: linear by default, square root for long tails. */
  readonly axes?: Readonly<Record<'x' | 'y', AxisScale>>
  /** Meaning of the second colour. */
  readonly markedLabel?: string
  /** Selected points, ascending; null for no selection. */
  readonly selected?: Uint32Array | null
  /** Content next to the point that `onHover` named last. */
  readonly tooltip?: ReactNode
  /** Called with the point under the pointer or the keyboard's cursor. */
  readonly onHover?: (point: number | null) => void
  /** Called when a point is clicked, tapped twice or opened with Enter. */
  readonly onOpen?: (point: number) => void
  /** Called with the points inside a drawn shape; empty to clear. */
  readonly onSelect?: (points: Uint32Array) => void
  /** Height, px; derived from the width by default. */
  readonly height?: number
  /** True for the largest chart of a page: higher for its width than the others. */
  readonly tall?: boolean
  readonly svgRef?: Ref<SVGSVGElement>
  /** True while the drawing is about to be saved, with its points as squares (`useExport`). */
  readonly exporting?: boolean
}
