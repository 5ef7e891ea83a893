import { useCallback } from 'react'
import { flushSync } from 'react-dom'
import { bareText } from '../../../core/text/token'
import { exportNeighborsCsv } from '../../../state/explore/exports'
import {
  activePrediction,
  activeSubstitutions,
  chosenPosition,
  currentTokens,
  languageModelHead,
  modelInfo,
  neighborRows,
  pieceKind,
  predictionPlace,
  vocabularyOf,
} from '../../../state/selectors'
import { OWN } from '../../../state/side/side'
import type { AppStoreState } from '../../../state/store'
import { useActions, useAppStore } from '../../appContext'
import { Exports } from '../../Exports'
import { NO_COUNTERPART, SideSwitch, useNoCounterpart, useSide, useSideStore } from '../../side'
import { Term } from '../../Term'
import { usePhone } from '../../usePhone'
import { useWanted } from '../../useWanted'
import { NormSwitch } from '../layers/NormSwitch'
import { HeldChanges } from '../review/HeldChanges'
import { UndoButtons } from '../UndoButtons'
import { useLasting } from '../useSteady'
import { NeighborFilterList } from './NeighborFilterList'
import { type Effect, NeighborTable } from './NeighborTable'
import { useSubstituting } from './useSubstituting'
import { VocabularyCombobox } from './VocabularyCombobox'

/** Shows the chosen token and its possible substitutes. */
export function NeighborPanel() {
  const position = useSideStore(chosenPosition)
  const token = useSideStore((state, side) =>
    position === null ? null : currentTokens(state, side)?.tokens[position],
  )
  const kind = useSideStore(pieceKind)
  const alone = useNoCounterpart()
  return (
    <section className="panel" id="substitutes" aria-labelledby="neighbors-heading">
      <div className="panel-head">
        <h2 id="neighbors-heading">{token ? `Replace “${bareText(token.text, kind)}” by` : 'Substitutes'}</h2>
        {token && (
          <span className="soft">
            its nearest in the <Term name="Word-embedding table, W">embedding table</Term> first
          </span>
        )}
      </div>
      <div className="panel-tools">
        <NormSwitch />
        <UndoButtons />
      </div>
      <SideSwitch what="Substitutes" />
      {position === null ? (
        <p className="panel-hint">
          {alone
            ? NO_COUNTERPART
            : 'Choose a token of the review: its nearest neighbour takes its place, and the change is measured.'}
        </p>
      ) : (
        <ChosenNeighbors key={position} position={position} />
      )}
      <HeldChanges />
    </section>
  )
}

const SHORT = { wide: 8, phone: 5 } as const

/**
 * Returns the content of the last column. A masked model fills the chosen place for its list; while the model is not
 * known, a classifier is expected, as the built-in model has one.
 */
function effectShown(state: AppStoreState, side: number): Effect | null {
  const head = languageModelHead(state, side)
  if (head === 'causal-lm') return 'next-token'
  if (head === 'masked-lm') return predictionPlace(state, side)?.key === 'chosen' ? 'mask' : null
  return activePrediction(state, side) !== null || (modelInfo(state, side)?.labels.length ?? 1) > 0
    ? 'label'
    : null
}

function ChosenNeighbors({ position }: { readonly position: number }) {
  const rows = useSideStore(neighborRows)
  const { status, failure } = useSideStore((state, side) => state.sides[side].chosenNeighbors)
  const norm = useAppStore((state) => state.session.norm)
  const lastLayer = useSideStore((state, side) => modelInfo(state, side)?.layers ?? null)
  const effect = useSideStore(effectShown)
  const vocabulary = useSideStore(vocabularyOf)
  const kind = useSideStore(pieceKind)
  const changed = useAppStore((state) => (activeSubstitutions(state)?.length ?? 0) > 0)
  const side = useSide()
  const { holdSubstitution, considerChange, want } = useActions()
  const wantAll = useCallback((wanted: boolean) => want('allSubstitutes', wanted, side), [want, side])
  const choose = useSubstituting()
  useWanted('substitutes')
  const phone = usePhone()
  const hold = () => {
    flushSync(holdSubstitution)
    // This panel is about to close: the next step is another token of the review.
    document.querySelector<HTMLElement>(`.review-text [data-roving="${position}"]`)?.focus()
  }
  const stale = useLasting(status === 'loading')
  return (
    <>
      {rows.length > 0 ? (
        <NeighborTable
          rows={rows}
          kind={kind}
          norm={norm}
          short={phone ? SHORT.phone : SHORT.wide}
          lastLayer={lastLayer}
          effect={effect}
          stale={stale}
          onChoose={choose}
          onWantAll={wantAll}
          onConsider={
            side === OWN
              ? (tokenId) => considerChange(tokenId === null ? null : { position, tokenId })
              : undefined
          }
        />
      ) : (
        <p className="panel-hint neighbors-waiting">
          {status === 'error'
            ? failure?.message
            : 'Its neighbours are looked up as soon as the model is open.'}
        </p>
      )}
      <VocabularyCombobox vocabulary={vocabulary} onChoose={choose} />
      <div className="panel-tools">
        <NeighborFilterList />
        <Exports
          title="Neighbours"
          name="ripplescope-neighbors"
          look="text"
          csv={(state) => exportNeighborsCsv(state, side)}
        />
      </div>
      <button type="button" className="button" onClick={hold} disabled={!changed}>
        Keep this change and add another
      </button>
    </>
  )
}
