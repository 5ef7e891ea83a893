import type { ReactNode, Ref } from 'react'
import { ChartFrame } from '../ChartFrame'
import './corpusCharts.css'

/** What all charts of a run take besides their figure. */
export interface CorpusChartProps {
  readonly headingLevel?: 2 | 3
  /** Buttons beside the table's: exports. */
  readonly actions?: ReactNode
  /** The drawing, for export. */
  readonly svgRef?: Ref<SVGSVGElement>
  /** Whether a run is on that will fill the chart. */
  readonly running?: boolean
  /** What leads to a figure: a button that starts the experiment. */
  readonly emptyAction?: ReactNode
}

export interface CorpusFrameProps extends CorpusChartProps {
  readonly heading: string
  /** The paper's figure, what is drawn, and n. */
  readonly subtitle: ReactNode
  /** What to do for a figure; null where there is one. */
  readonly missing: string | null
  readonly table: () => ReactNode
  readonly children: ReactNode
}

/** A chart of a run with its heading and table; until it has a figure, a skeleton that says how to get one. */
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
