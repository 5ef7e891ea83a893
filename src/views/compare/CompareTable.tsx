import { ChartFrame } from '../../charts/ChartFrame'
import { useScrollFocus } from '../../charts/useScrollFocus'
import type { ComparisonTable as Table } from '../../core/comparison/comparisonTable'
import { NORM_NAMES, NORMS } from '../../core/measures/norm'
import { exportComparisonCsv, exportComparisonJson } from '../../state/compare/compareExports'
import { changeLabel, comparedTable, sideNames } from '../../state/compare/compareSelectors'
import { counterparts } from '../../state/compare/counterparts'
import { isSideBusy } from '../../state/explore/explore'
import { memoize, memoizeSides } from '../../state/memoize'
import { activeTokenPrediction, languageModelHead, pieceKind } from '../../state/selectors'
import { OTHER, OWN } from '../../state/side/side'
import type { AppStoreState } from '../../state/store'
import { useAppStore } from '../appContext'
import { Exports } from '../Exports'
import { useMeasuring } from '../explore/useMeasuring'
import { useSteady } from '../explore/useSteady'
import { CompareAnswers, type SideTokens } from './CompareAnswers'
import { CompareLayerTable } from './CompareLayerTable'
import { ComparePredictions } from './ComparePredictions'
import { NumberRow, WordsRow } from './CompareRows'

interface Shown {
  readonly table: Table
  readonly labels: { readonly first: string; readonly second: string }
  readonly names: { readonly first: string; readonly second: string }
  readonly tokens: { readonly first: SideTokens; readonly second: SideTokens }
  readonly twoModels: boolean
}

/** Returns the answer of a side's language model to the present change. */
const tokensOf = memoizeSides(
  (state: AppStoreState, side) => [
    languageModelHead(state, side),
    activeTokenPrediction(state, side),
    pieceKind(state, side),
  ],
  (state, side): SideTokens => ({
    expects: languageModelHead(state, side) !== null,
    prediction: activeTokenPrediction(state, side),
    kind: pieceKind(state, side),
  }),
)

const shownTable = memoize(
  (state: AppStoreState) => [
    comparedTable(state),
    sideNames(state),
    ...[OWN, OTHER].flatMap((side) => [changeLabel(state, side), tokensOf(state, side)]),
  ],
  (state): Shown | null => {
    const table = comparedTable(state)
    const [first, second] = [changeLabel(state, OWN), changeLabel(state, OTHER)]
    if (!table || first === null || second === null) return null
    const names = sideNames(state)
    return {
      table,
      labels: { first, second },
      names: { first: names[OWN], second: names[OTHER] },
      tokens: { first: tokensOf(state, OWN), second: tokensOf(state, OTHER) },
      twoModels: state.session.comparison?.model !== null,
    }
  },
)

/** Draws the differences between the two sides, in numbers, and the predictions of their language models. */
export default function CompareTable() {
  return (
    <>
      <Differences />
      <ComparePredictions />
    </>
  )
}

function Differences() {
  const waiting = useAppStore((state) => isSideBusy(state, OTHER))
  const measuring = useMeasuring()
  const { shown, stale } = useSteady(useAppStore(shownTable), waiting || measuring)
  return (
    <ChartFrame
      heading="Differences"
      subtitle="second minus first, and second over first"
      actions={
        shown && (
          <Exports
            title="Differences"
            name="ripplescope-comparison"
            csv={exportComparisonCsv}
            json={exportComparisonJson}
            nothing="The second side is being measured: try again in a moment."
          />
        )
      }
    >
      {shown ? (
        <div className={stale ? 'stale' : undefined}>
          <Measures shown={shown} />
          <details className="compare-layers">
            <summary>Both sides by layer</summary>
            <CompareLayerTable layers={shown.table.layers} names={shown.names} twoModels={shown.twoModels} />
          </details>
        </div>
      ) : (
        <Waiting waiting={waiting} />
      )}
    </ChartFrame>
  )
}

function Waiting({ waiting }: { readonly waiting: boolean }) {
  const nowhere = useAppStore((state) => {
    const change = counterparts(state, OTHER)
    return change !== null && change.length > 0 && change.every(({ substitution }) => substitution === null)
  })
  const failure = useAppStore((state) => state.sides[OTHER].measurement.failure)
  if (failure) return <p className="panel-hint">{failure.message}</p>
  if (nowhere) {
    return (
      <p className="panel-hint">
        The chosen token has no counterpart on the second side. Choose one that stands on both.
      </p>
    )
  }
  return (
    <p className={waiting ? 'panel-hint skeleton' : 'panel-hint'}>
      {waiting
        ? 'Measuring the second side…'
        : 'The numbers of both sides stand here once both are measured.'}
    </p>
  )
}

function Measures({ shown: { table, labels, names, tokens } }: { readonly shown: Shown }) {
  const last = table.layers.at(-1)?.layers
  const sameDepth = last?.first === last?.second
  const at = sameDepth ? `layer ${last?.first}` : `layers ${last?.first} and ${last?.second}`
  return (
    <section className="compare-frame" aria-label="Both sides" ref={useScrollFocus()}>
      <table className="table compare-table">
        <caption className="visually-hidden">Both sides of the change, and what differs</caption>
        <thead>
          <tr>
            <td />
            <th scope="col" className="number compare-name">
              {names.first}
            </th>
            <th scope="col" className="number compare-name">
              {names.second}
            </th>
            <th scope="col" className="number">
              difference
            </th>
            <th scope="col" className="number">
              ratio
            </th>
          </tr>
        </thead>
        <tbody>
          <WordsRow name="change" first={labels.first} second={labels.second} serif />
          <NumberRow name="cosine to the substitute" value={table.cosine} />
          {NORMS.map((norm) => (
            <NumberRow key={norm} name={`shift ${NORM_NAMES[norm]}`} value={table.shift[norm]} />
          ))}
          <NumberRow name={`D at ${at}`} value={table.lastDistance} />
          <NumberRow name={`D / ‖h(x)‖ at ${at}`} value={table.lastRelative} />
          <CompareAnswers {...table} {...tokens} />
        </tbody>
      </table>
    </section>
  )
}
