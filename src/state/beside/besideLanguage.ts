import { type EntryPairs, pairEntries } from '../../core/besideEntry'
import type { BesidePredictions } from '../../core/besidePrediction'
import type { PrioritizedExplorer } from '../../core/explorer'
import type { Measurement } from '../../core/measurement'
import type { Substitution } from '../../core/substitution'
import type { TokenizedText } from '../../core/token'
import type { AppState } from '../appState'
import { chosenPosition, currentTokens } from '../explore/activeSubstitutions'
import { modelInfo } from '../explore/comparisonSelectors'
import { activeTokenPrediction } from '../explore/explorePrediction'
import { type OwnToken, ownTokensAt } from '../explore/ownTokens'
import { languageHeadOf, type PredictionPlace, predictionPlace } from '../explore/predictionPlaces'
import { memoize } from '../memoize'
import { idsOf, isOfChange } from '../results'
import type { AppStore } from '../storeTypes'
import {
  besideAlignment,
  besideInfo,
  besideSubstitutions,
  besideTokens,
  besideVocabulary,
} from './besideChange'

/** Who answers for the second side. */
export interface BesideContext {
  readonly store: AppStore
  /** Goes up when another model, or another text's model, answers for it. */
  readonly generation: number
  /** @throws FailureError `not-ready` */
  answering(): PrioritizedExplorer
  /** The session's own model, for what only the second side lists. @throws FailureError `not-ready` */
  answeringFirst(): PrioritizedExplorer
}

/** The kind of the second model's head where it is a language model's; null for other heads. */
export const besideHead = (state: AppState) => languageHeadOf(besideInfo(state))

/** Input ids of the second side; null while they are not known. */
export function besideIds(state: AppState): readonly number[] | null {
  const tokenized = besideTokens(state)
  return tokenized && idsOf(tokenized)
}

/** The measurement of exactly what is substituted on the second side now; null while it is being made. */
export function besideMeasurement(state: AppState): Measurement | null {
  const { value, status } = state.beside.measurement
  if (!value || status !== 'ready' || !besideInfo(state)) return null
  const { tokenized, measurement } = value
  const change = { tokenized, substitutions: measurement.substitutions }
  return isOfChange(change, besideTokens(state), besideSubstitutions(state)) ? measurement : null
}

/** What a head can be asked about on the second side: nothing is substituted there, or it is measured. */
export function besideReadable(
  state: AppState,
): { readonly tokenized: TokenizedText; readonly active: readonly Substitution[] } | null {
  const tokenized = besideTokens(state)
  const active = besideSubstitutions(state)
  if (!tokenized || !active || !besideInfo(state)) return null
  return active.length === 0 || besideMeasurement(state) ? { tokenized, active } : null
}

const placesOf = (ids: readonly number[], tokenId: number | undefined) =>
  ids.flatMap((id, position) => (id === tokenId ? [position] : []))

/** Where the second side's text has the mask that is looked at on the first. */
function oppositeMask(state: AppState, { position }: PredictionPlace): PredictionPlace | null {
  const first = currentTokens(state)
  const second = besideIds(state)
  if (!first || !second) return null
  const ours = placesOf(idsOf(first), modelInfo(state)?.details?.maskId)
  const theirs = placesOf(second, besideInfo(state)?.details?.maskId)
  const at = theirs[ours.indexOf(position)]
  return at === undefined ? null : { key: `mask-${at}`, position: at }
}

function findPlace(state: AppState): PredictionPlace | null {
  const ids = besideIds(state)
  const alignment = besideAlignment(state)
  const head = besideHead(state)
  if (!ids || ids.length === 0 || !alignment || !head) return null
  const place = predictionPlace(state)
  const chosen = chosenPosition(state)
  const opposite = chosen === null ? [] : (alignment.toSecond[chosen] ?? [])
  if (head === 'causal-lm') {
    if (place?.key !== 'chosen') return { key: 'end', position: ids.length - 1 }
    const last = opposite.at(-1)
    return last === undefined ? null : { key: 'chosen', position: last }
  }
  if (besideInfo(state)?.details?.maskId === undefined) return null
  if (place?.key.startsWith('mask-')) return oppositeMask(state, place)
  return opposite.length === 0 ? null : { key: 'chosen', position: opposite[0] }
}

/**
 * The place of the second side opposite the one looked at on the first: of several tokens the first is masked, where the
 * change happens, and one looks after the last. Null where there is none.
 */
export const besidePlace = memoize(
  (state: AppState) => [
    besideInfo(state),
    modelInfo(state),
    besideAlignment(state),
    predictionPlace(state),
    chosenPosition(state),
  ],
  findPlace,
)

/** Which tokens of the two vocabularies are the same; null while either is not known. */
export const besidePairs = memoize(
  (state: AppState) => [state.vocabulary, besideVocabulary(state)],
  (state): EntryPairs | null => {
    const others = besideVocabulary(state)
    return state.vocabulary && others && pairEntries(state.vocabulary, others)
  },
)

const NONE: readonly OwnToken[] = []

/** What the second side's own text has at the place looked at. */
export const besideOwnTokens = memoize(
  (state: AppState) => [besideIds(state), besideSubstitutions(state), besidePlace(state), besideHead(state)],
  (state): readonly OwnToken[] => {
    const ids = besideIds(state)
    const place = besidePlace(state)
    if (!ids || !place) return NONE
    return ownTokensAt(ids, besideSubstitutions(state) ?? [], place, besideHead(state) === 'causal-lm')
  },
)

/** Both sides' distributions of exactly what is substituted and looked at now; null while they are being computed. */
export const besidePredictions = memoize(
  (state: AppState) => [
    state.beside.prediction,
    activeTokenPrediction(state),
    besideIds(state),
    besideSubstitutions(state),
    besidePlace(state),
  ],
  (state): BesidePredictions | null => {
    const { status, value } = state.beside.prediction
    if (status !== 'ready' || !value) return null
    const { first, prediction } = value
    const same =
      (first?.prediction ?? null) === activeTokenPrediction(state) &&
      prediction.position === besidePlace(state)?.position &&
      isOfChange(value, besideTokens(state), besideSubstitutions(state))
    if (!same) return null
    return {
      first: first && { ...first.prediction, also: [...first.prediction.also, ...first.also] },
      second: prediction,
    }
  },
)
