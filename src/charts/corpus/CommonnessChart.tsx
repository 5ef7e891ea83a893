import type { ReactNode } from 'react'
import type { CommonnessFigure, Regression, ScatterPoints } from '../../core/corpus/figures/figures'
import { NORM_NAMES } from '../../core/measures/norm'
import { DataTable } from '../DataTable'
import { formatDecimals, formatNumber } from '../formatNumber'
import { type CorpusChartProps, CorpusFrame } from './CorpusFrame'
import { PointTable } from './PointTable'
import { Scatterplot } from './scatter/Scatterplot'
import { regressionText } from './scatter/scatterGeometry'
import type { ScatterplotProps } from './scatter/scatterplotProps'
import { useColumns } from './useColumns'
import { useExport } from './useExport'

export interface CommonnessChartProps
  extends CorpusChartProps,
    Pick<ScatterplotProps, 'tooltip' | 'onHover' | 'onOpen' | 'onSelect' | 'selected' | 'describe'> {
  /** Binned regression; null until there is one. */
  readonly figure: CommonnessFigure | null
  /** Run whose points are not drawn, and the names of both runs, first that of the points. */
  readonly other?: {
    readonly figure: CommonnessFigure | null
    readonly names: readonly [string, string]
  } | null
  /** All points; null until there are some. */
  readonly points: ScatterPoints | null
  readonly tokenName: (id: number) => string
  /** Controls between heading and plot: occurrences or types, norm. */
  readonly controls?: ReactNode
}

const EXTREMES = { highest: 5, lowest: 5 }

/** Returns `p 0.004`, and `p < 0.001` rather than a rounded zero. */
function formatP(p: number): string {
  return p < 0.001 ? 'p < 0.001' : `p ${formatDecimals(p, 3)}`
}

/**
 * Draws fig. 2: embedding shift against commonness, every occurrence or every type, with the regression line through
 * the binned sample.
 */
export function CommonnessChart(props: CommonnessChartProps) {
  const { figure, other = null, points, tokenName, controls, actions, svgRef, ...rest } = props
  const [exports, exporting] = useExport<HTMLSpanElement>()
  const columns = useColumns(points?.commonness, points?.shift)
  const norm = NORM_NAMES[points?.norm ?? figure?.norm ?? 'l2']
  const regression = figure && figure.norm === points?.norm ? figure.regression : null
  const otherRegression = other?.figure && other.figure.norm === points?.norm ? other.figure.regression : null
  const lineText = (of: Regression, name = '') => `${name}${regressionText(of)}, ${formatP(of.p)}`
  const what = points?.of === 'types' ? 'every token type' : 'every occurrence'

  const table = () => (
    <>
      {figure && (
        <DataTable
          caption={`Bins of commonness: ${lineText(figure.regression)}`}
          columns={['commonness', 'n', 'mean shift', '95 % from', 'to'].map((heading, i) => ({
            heading,
            numeric: i > 0,
          }))}
          rows={figure.bins.map(({ from, to, n, mean, low, high }) => ({
            id: from,
            cells: [
              `${from.toFixed(1)} to ${to.toFixed(1)}`,
              n,
              formatNumber(mean),
              formatNumber(low),
              formatNumber(high),
            ],
          }))}
        />
      )}
      {points && (
        <PointTable
          caption={`Embedding shift, ${norm}, and commonness of ${what}`}
          columns={[
            { heading: 'commonness', values: points.commonness },
            { heading: `shift, ${norm}`, values: points.shift },
            { heading: 'occurrences', values: points.counts },
          ]}
          nameOf={(i) => tokenName(points.tokenIds[i])}
          selected={rest.selected}
        />
      )}
    </>
  )

  return (
    <CorpusFrame
      {...rest}
      heading="Shift against commonness"
      subtitle={`fig. 2 · ${other ? `${other.names[0]}, ` : ''}${what}${regression ? '; line and bin means use one occurrence per token type' : ''}`}
      missing={
        points && points.shift.length > 0 ? null : 'Run a corpus to see how far common and rare tokens move.'
      }
      actions={
        actions && (
          <span className="chart-actions" ref={exports}>
            {actions}
          </span>
        )
      }
      table={table}
    >
      {controls}
      <Scatterplot
        points={columns}
        tokenIds={points?.tokenIds}
        tokenName={tokenName}
        xLabel="commonness (log frequency, 0 to 1)"
        yLabel={`embedding shift, ${norm}`}
        title="Embedding shift against commonness"
        description={
          regression
            ? `Least-squares line: ${lineText(regression)}.${
                other && otherRegression ? ` ${lineText(otherRegression, `${other.names[1]}: `)}.` : ''
              }`
            : undefined
        }
        regression={regression}
        otherRegression={otherRegression}
        regressionNames={other?.names}
        bins={regression ? figure?.bins : undefined}
        extremes={EXTREMES}
        tall
        svgRef={svgRef}
        exporting={exporting}
        selected={rest.selected}
        tooltip={rest.tooltip}
        describe={rest.describe}
        onHover={rest.onHover}
        onOpen={rest.onOpen}
        onSelect={rest.onSelect}
      />
    </CorpusFrame>
  )
}
