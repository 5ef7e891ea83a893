import { type ReactNode, type RefObject, useRef } from 'react'
import type { CorpusChartProps } from '../../charts/corpus/CorpusFrame'
import type { AppState } from '../../state/appState'
import { figureFiles, shownProvenance } from '../../state/corpus/corpusComparison'
import { isRunning } from '../../state/corpus/corpusSelectors'
import type { FigureTable } from '../../state/corpus/corpusTables'
import { useAppStore } from '../appContext'
import { Exports } from '../Exports'
import type { Finding } from './figureSentences'

interface FigurePanelProps {
  /** In file names. */
  readonly name: string
  readonly title: string
  /** What is drawn, for the file's own description. */
  readonly description: string
  /** null: there is no figure yet, so nothing to say or to save. */
  readonly finding: Finding | null
  readonly table: (state: AppState) => FigureTable | null
  /** What leads to a figure where the run has none. */
  readonly onSettings: () => void
  readonly children: (
    chart: CorpusChartProps & { readonly svgRef: RefObject<SVGSVGElement | null> },
  ) => ReactNode
}

/** A chart with its files, and under it what it shows beside what the paper found. */
export function FigurePanel(props: FigurePanelProps) {
  const { name, title, description, finding, table, onSettings, children } = props
  const svg = useRef<SVGSVGElement>(null)
  const running = useAppStore(isRunning)
  return (
    <div className="figure">
      {children({
        svgRef: svg,
        running,
        actions: (
          <>
            <Exports
              title={title}
              name={`ripplescope-${name}`}
              chart={{ svg, description, source: shownProvenance }}
              {...figureFiles(name, table)}
            />
          </>
        ),
        emptyAction: (
          <button type="button" className="button" onClick={onSettings}>
            Settings of the next run
          </button>
        ),
      })}
      {finding && (finding.run || finding.paper) && (
        <p className="finding">
          {finding.run && <span>{finding.run} </span>}
          {finding.paper && <span className="soft">{finding.paper}</span>}
        </p>
      )}
    </div>
  )
}
