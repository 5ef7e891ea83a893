import {
  comparison,
  differenceTable,
  figureFiles,
  statisticDifferences,
} from '../../state/corpus/corpusComparison'
import { provenanceText } from '../../state/corpus/corpusSelectors'
import { useActions, useAppStore } from '../appContext'
import { Exports } from '../Exports'
import { differencesInWords } from './comparisonWords'
import { runFacts } from './corpusWords'
import { FigureDataTable } from './figures/FigureDataTable'

/** Describes the run that is compared with the open one: what both are, their differences, and the size of these. */
export function ComparisonPanel() {
  const kept = useAppStore((state) => state.corpus.compared.value)
  const reading = useAppStore((state) => state.corpus.compared.status === 'loading')
  const compared = useAppStore(comparison)
  const { compareWith } = useActions()
  if (!kept && !reading) return null
  return (
    <section className="comparison" aria-label="Comparison of two runs">
      <div className="row">
        <h3>{compared ? 'Two runs in the same charts' : 'A run to compare with'}</h3>
        <button type="button" className="button" onClick={() => compareWith(null)}>
          Stop comparing
        </button>
      </div>
      {compared ? (
        <ComparedRuns />
      ) : (
        <p role="status">{kept ? waitingText(kept.header.origin.name) : 'Reading the other run…'}</p>
      )}
    </section>
  )
}

const waitingText = (name: string) =>
  `This run over ${name} is kept. Start or open another one, with another model if you like (Models), and both are drawn in the same charts.`

function ComparedRuns() {
  const compared = useAppStore(comparison)
  const differences = useAppStore(statisticDifferences)
  const failure = useAppStore((state) => state.corpus.comparedFigures.failure)
  if (!compared) return null
  const { names, headers, layers } = compared
  const table = differenceTable(differences, layers)
  return (
    <>
      <ul className="comparison-runs">
        {headers.map((header, i) => (
          <li key={header.id}>
            <span className={`corpus-swatch chart-series-${i}`} aria-hidden="true" />
            <strong>{names[i]}</strong> <span className="soft">{i === 0 ? 'open' : 'saved'}</span>
            <p className="soft">
              {header.origin.name} · {runFacts(header)} · {provenanceText(header.provenance)}
            </p>
          </li>
        ))}
      </ul>
      <p className="soft">{differencesInWords(compared).join(' ')}</p>
      {failure && (
        <p className="run-problem" role="alert">
          {failure.message} {failure.advice}
        </p>
      )}
      {table.rows.length > 0 && (
        <details className="comparison-table">
          <summary>Differences, statistic by statistic ({table.rows.length})</summary>
          <div className="row">
            <Exports
              title="Differences"
              name="ripplescope-comparison"
              {...figureFiles('comparison', () => table)}
            />
          </div>
          <FigureDataTable
            caption={`${names[0]} (value) against ${names[1]} (value compared); the difference is the first minus the second`}
            table={table}
          />
        </details>
      )}
    </>
  )
}
