import type { ReactNode, Ref } from 'react'
import type { CommonnessFigure, Regression } from '../../core/corpus/figures'
import type { AxisScale } from './axisScale'
import type { Extremes } from './extremeLabels'
import type { PointColumns } from './pointLayer'

export interface ScatterplotProps {
  /** Columns of one length. Another array means other points: keep them from render to render. */
  readonly points: PointColumns
  /** Token of each point, for names and extremes; none where points are not tokens. */
  readonly tokenIds?: Uint32Array
  readonly tokenName?: (id: number) => string
  readonly xLabel: string
  readonly yLabel: string
  /** Name of the chart for those who do not see it. */
  readonly title: string
  readonly description?: string
  /** A point as a sentence; by default its token and both values. */
  readonly describe?: (point: number) => string
  readonly regression?: Regression | null
  /** Of other points than those drawn: a second line, dashed. */
  readonly otherRegression?: Regression | null
  /** Words before each line's own, where there are two. */
  readonly regressionNames?: readonly [own: string, other: string]
  readonly bins?: CommonnessFigure['bins']
  /** Words beside the line y = x; both axes then have one scale. */
  readonly diagonal?: string
  /** How many of the highest and of the lowest are named. */
  readonly extremes?: Extremes
  /** Square roots for long tails: linear by default. */
  readonly axes?: Readonly<Record<'x' | 'y', AxisScale>>
  /** What the second colour means. */
  readonly markedLabel?: string
  /** Ascending; null for no selection. */
  readonly selected?: Uint32Array | null
  /** Stands beside the point that was given to `onHover` last. */
  readonly tooltip?: ReactNode
  /** The point under the pointer or the keyboard's cursor. */
  readonly onHover?: (point: number | null) => void
  /** Clicked, tapped twice, or Enter. */
  readonly onOpen?: (point: number) => void
  /** Drawn around; empty to clear. */
  readonly onSelect?: (points: Uint32Array) => void
  /** Px; by default from the width. */
  readonly height?: number
  /** Higher for its width than most: the largest chart of a page. */
  readonly tall?: boolean
  readonly svgRef?: Ref<SVGSVGElement>
  /** Whether the drawing is about to be saved, with its points as squares (`useExport`). */
  readonly exporting?: boolean
}
