import { type ReactNode, type RefObject, useRef } from 'react'
import type { CorpusChartProps } from '../../charts/corpus/CorpusFrame'
import { FIGURE_TEXTS } from '../../charts/corpus/figureTexts'
import type { Figures } from '../../core/corpus/figures'
import type { FigureName, FigureTable } from '../../core/corpus/figureTables'
import type { AppState } from '../../state/appState'
import { figureFiles, shownProvenance } from '../../state/corpus/corpusComparison'
import { isRunning } from '../../state/corpus/corpusSelectors'
import { useAppStore } from '../appContext'
import { Exports } from '../Exports'

interface FigurePanelProps<K extends FigureName> {
  readonly name: K
  /** null: there is none yet, so nothing to say or to save. */
  readonly figure: NonNullable<Figures[K]> | null
  /** Names the tokens in what is said of it. */
  readonly nameOf?: (tokenId: number) => string
  readonly table: (state: AppState) => FigureTable | null
  /** What leads to a figure where the run has none. */
  readonly onSettings: () => void
  readonly children: (
    chart: CorpusChartProps & { readonly svgRef: RefObject<SVGSVGElement | null> },
  ) => ReactNode
}

const numberOf = (tokenId: number) => `#${tokenId}`

/** A chart with its files, and under it what it shows beside what the paper found. */
export function FigurePanel<K extends FigureName>(props: FigurePanelProps<K>) {
  const { name, figure, nameOf = numberOf, table, onSettings, children } = props
  const { file, title, describe, finding: find } = FIGURE_TEXTS[name]
  const finding = figure && find(figure, nameOf)
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
              name={`ripplescope-${file}`}
              chart={{ svg, description: describe(figure), source: shownProvenance }}
              {...figureFiles(file, table)}
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
