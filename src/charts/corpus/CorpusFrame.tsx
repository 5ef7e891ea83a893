import type { ReactNode, Ref } from 'react'
import { ChartFrame } from '../ChartFrame'
import './corpusCharts.css'

/** Holds the properties that all charts of a run share, apart from their figure. */
export interface CorpusChartProps {
  readonly headingLevel?: 2 | 3
  /** Buttons next to the table's: exports. */
  readonly actions?: ReactNode
  /** The drawing, for export. */
  readonly svgRef?: Ref<SVGSVGElement>
  /** True while a run that will fill the chart is running. */
  readonly running?: boolean
  /** Element that leads to a figure: a button that starts the experiment. */
  readonly emptyAction?: ReactNode
}

export interface CorpusFrameProps extends CorpusChartProps {
  readonly heading: string
  /** Number of the paper's figure, the quantity drawn, and n. */
  readonly subtitle: ReactNode
  /** Advice on how to get a figure; null if there is one. */
  readonly missing: string | null
  readonly table: () => ReactNode
  readonly children: ReactNode
}

/** Draws a chart of a run with its heading and table; without a figure, a skeleton that says how to get one. */
export function CorpusFrame(props: CorpusFrameProps) {
  const { heading, subtitle, missing, table, children, headingLevel, actions, running, emptyAction } = props
  return (
    <ChartFrame
      heading={heading}
      subtitle={subtitle}
      headingLevel={headingLevel}
      table={missing === null ? table : undefined}
      actions={missing === null && actions}
    >
      {missing === null ? (
        children
      ) : (
        <div className="corpus-missing">
          <p>{running ? 'The first values arrive with the first batch of reviews.' : missing}</p>
          {!running && emptyAction}
        </div>
      )}
    </ChartFrame>
  )
}
