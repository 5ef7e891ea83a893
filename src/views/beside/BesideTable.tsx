import { ChartFrame } from '../../charts/ChartFrame'
import { useScrollFocus } from '../../charts/useScrollFocus'
import type { BesideTable as Table } from '../../core/besideTable'
import { NORM_NAMES, NORMS } from '../../core/norm'
import { exportBesideCsv, exportBesideJson } from '../../state/beside/besideExports'
import {
  besideChange,
  besideComparison,
  besideHead,
  besideInfo,
  besideLabels,
  besideNames,
  besidePredictions,
  isMeasuringBeside,
} from '../../state/beside/besideSelectors'
import { memoize } from '../../state/memoize'
import { activeTokenPrediction, languageModelHead, modelInfo, pieceKind } from '../../state/selectors'
import type { AppStoreState } from '../../state/store'
import { useAppStore } from '../appContext'
import { Exports } from '../Exports'
import { useMeasuring } from '../explore/useMeasuring'
import { useSteady } from '../explore/useSteady'
import { BesideAnswers, type SideTokens } from './BesideAnswers'
import { BesideLayerTable } from './BesideLayerTable'
import { BesidePredictions } from './BesidePredictions'
import { NumberRow, WordsRow } from './BesideRows'
import { otherKind } from './besidePredictionShown'

interface Shown {
  readonly table: Table
  readonly labels: { readonly first: string; readonly second: string }
  readonly names: { readonly first: string; readonly second: string }
  readonly tokens: { readonly first: SideTokens; readonly second: SideTokens }
  readonly twoModels: boolean
}

const shownTable = memoize(
  (state: AppStoreState) => [
    besideComparison(state),
    besideLabels(state),
    besideNames(state),
    activeTokenPrediction(state),
    besidePredictions(state),
    modelInfo(state),
    besideInfo(state),
    pieceKind(state),
    otherKind(state),
  ],
  (state): Shown | null => {
    const table = besideComparison(state)
    const labels = besideLabels(state)
    if (!table || !labels) return null
    const first = {
      expects: languageModelHead(state) !== null,
      prediction: activeTokenPrediction(state),
      kind: pieceKind(state),
    }
    const second = {
      expects: besideHead(state) !== null,
      prediction: besidePredictions(state)?.second ?? null,
      kind: otherKind(state),
    }
    const twoModels = state.session.beside?.model !== null
    return { table, labels, names: besideNames(state), tokens: { first, second }, twoModels }
  },
)

/** What differs between the two sides, in numbers, and what their language models expect. */
export default function BesideTable() {
  return (
    <>
      <Differences />
      <BesidePredictions />
    </>
  )
}

function Differences() {
  const waiting = useAppStore(isMeasuringBeside)
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
            name="ripplescope-beside"
            csv={exportBesideCsv}
            json={exportBesideJson}
            nothing="The second side is being measured: try again in a moment."
          />
        )
      }
    >
      {shown ? (
        <div className={stale ? 'stale' : undefined}>
          <Measures shown={shown} />
          <details className="beside-layers">
            <summary>Both sides by layer</summary>
            <BesideLayerTable layers={shown.table.layers} names={shown.names} twoModels={shown.twoModels} />
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
    const change = besideChange(state)
    return change !== null && change.length > 0 && change.every(({ substitution }) => substitution === null)
  })
  const failure = useAppStore((state) => state.beside.measurement.failure)
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
    <section className="beside-frame" aria-label="Both sides" ref={useScrollFocus()}>
      <table className="table beside-table">
        <caption className="visually-hidden">Both sides of the change, and what differs</caption>
        <thead>
          <tr>
            <td />
            <th scope="col" className="number beside-name">
              {names.first}
            </th>
            <th scope="col" className="number beside-name">
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
          <BesideAnswers {...table} {...tokens} />
        </tbody>
      </table>
    </section>
  )
}
