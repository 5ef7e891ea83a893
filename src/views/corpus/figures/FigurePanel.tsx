import { type ReactNode, type RefObject, useRef } from 'react'
import type { CorpusChartProps } from '../../../charts/corpus/CorpusFrame'
import { FIGURE_TEXTS } from '../../../charts/corpus/figureTexts'
import type { Figures } from '../../../core/corpus/figures/figures'
import type { FigureName, FigureTable } from '../../../core/corpus/figures/figureTables'
import type { AppState } from '../../../state/appState'
import { figureFiles, shownProvenance } from '../../../state/corpus/corpusComparison'
import { isRunning } from '../../../state/corpus/corpusSelectors'
import { useAppStore } from '../../appContext'
import { Exports } from '../../Exports'
import { Verdicts } from '../../Verdicts'

interface FigurePanelProps<K extends FigureName> {
  readonly name: K
  /** Figure; null if there is none yet, so that there is nothing to describe or to save. */
  readonly figure: NonNullable<Figures[K]> | null
  /** Returns the name of a token, for the descriptions. */
  readonly nameOf?: (tokenId: number) => string
  readonly table: (state: AppState) => FigureTable | null
  /** Opens the settings, which lead to a figure that the run does not have. */
  readonly onSettings: () => void
  readonly children: (
    chart: CorpusChartProps & { readonly svgRef: RefObject<SVGSVGElement | null> },
  ) => ReactNode
}

/** Number of texts below which nothing is concluded from them. */
const FEWEST_TEXTS = 10

const numberOf = (tokenId: number) => `#${tokenId}`

/** Draws a chart with its files, and under it this run's finding next to the paper's. */
export function FigurePanel<K extends FigureName>(props: FigurePanelProps<K>) {
  const { name, figure, nameOf = numberOf, table, onSettings, children } = props
  const { file, title, describe, finding: find, claims: findClaims } = FIGURE_TEXTS[name]
  const named = nameOf === numberOf ? null : nameOf
  // A handful of texts is no ground for a verdict.
  const few = useAppStore(({ corpus }) => (corpus.progress?.done ?? 0) < FEWEST_TEXTS)
  const finding = figure && find(figure, nameOf)
  const claims = (figure && !few && findClaims?.(figure, named)) || []
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
          {finding.run && !few && <span>{finding.run} </span>}
          {few && <span>Fewer than {FEWEST_TEXTS} texts so far: too few to say what they show. </span>}
          {finding.paper && <span className="soft">{finding.paper}</span>}
        </p>
      )}
      {claims.length > 0 && <Verdicts claims={claims} />}
    </div>
  )
}
