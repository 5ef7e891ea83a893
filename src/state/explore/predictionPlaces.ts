import type { ModelInfo } from '../../core/explorer'
import type { AppState } from '../appState'
import { alignment } from '../compare/alignment'
import { memoizeSides } from '../memoize'
import type { PlaceKey } from '../results'
import { chosenPosition } from '../side/activeSubstitutions'
import { OWN } from '../side/side'
import { modelInfo } from '../side/sideModel'
import { currentTokens, inputIds } from '../side/sideTokens'

/** Holds a place at which a language model's distribution can be shown. */
export interface PredictionPlace {
  readonly key: PlaceKey
  /** Position, of the token before the place in a causal model, of the place in a masked one. */
  readonly position: number
}

export type LanguageHead = 'masked-lm' | 'causal-lm'

/** Returns the kind of a model's language-model head; null for other heads. */
export function languageHeadOf(info: ModelInfo | null): LanguageHead | null {
  const head = info?.details?.head
  return head === 'masked-lm' || head === 'causal-lm' ? head : null
}

/** Returns the kind of a side's language-model head; null for other heads. */
export const languageModelHead = (state: AppState, side = OWN) => languageHeadOf(modelInfo(state, side))

/** Says whether a change reaches only later positions. */
export function isCausal(state: AppState, side = OWN): boolean {
  return modelInfo(state, side)?.details?.causal === true
}

const NO_PLACES: readonly PredictionPlace[] = []

const masksOf = (ids: readonly number[], maskId: number | undefined) =>
  ids.flatMap((id, position) => (id === maskId ? [position] : []))

function ownPlaces(state: AppState): readonly PredictionPlace[] {
  const ids = inputIds(state)
  const head = languageModelHead(state)
  if (!ids || ids.length === 0 || !head) return NO_PLACES
  const position = chosenPosition(state)
  const chosen: readonly PredictionPlace[] = position === null ? [] : [{ key: 'chosen', position }]
  const last = ids.length - 1
  if (head === 'causal-lm') {
    return [{ key: 'end', position: last }, ...chosen.filter((place) => place.position !== last)]
  }
  const maskId = modelInfo(state)?.details?.maskId
  if (maskId === undefined) return NO_PLACES
  const masks = masksOf(ids, maskId).flatMap((at): PredictionPlace[] =>
    at === position ? [] : [{ key: `mask-${at}`, position: at }],
  )
  return [...masks, ...chosen]
}

/** Returns the mask of a side's text that corresponds to the one shown on the session's own side. */
function oppositeMask(state: AppState, side: number, { position }: PredictionPlace): PredictionPlace | null {
  const [first, second] = [inputIds(state), inputIds(state, side)]
  if (!first || !second) return null
  const ours = masksOf(first, modelInfo(state)?.details?.maskId)
  const at = masksOf(second, modelInfo(state, side)?.details?.maskId)[ours.indexOf(position)]
  return at === undefined ? null : { key: `mask-${at}`, position: at }
}

/**
 * Returns the place of another side that is aligned with the one shown on the session's own: of several tokens the
 * first is masked, where the change happens, and a causal model predicts after the last.
 */
function oppositePlace(state: AppState, side: number): PredictionPlace | null {
  const ids = inputIds(state, side)
  const aligned = alignment(state, side)
  const head = languageModelHead(state, side)
  if (!ids || ids.length === 0 || !aligned || !head) return null
  const place = predictionPlace(state)
  const chosen = chosenPosition(state)
  const opposite = chosen === null ? [] : (aligned.toSecond[chosen] ?? [])
  if (head === 'causal-lm') {
    if (place?.key !== 'chosen') return { key: 'end', position: ids.length - 1 }
    const last = opposite.at(-1)
    return last === undefined ? null : { key: 'chosen', position: last }
  }
  if (modelInfo(state, side)?.details?.maskId === undefined) return null
  if (place?.key.startsWith('mask-')) return oppositeMask(state, side, place)
  return opposite.length === 0 ? null : { key: 'chosen', position: opposite[0] }
}

/**
 * Returns all places of a side. On the session's own side the default comes first: the end of the text, or the masks
 * that it has, before the chosen token; on another side there is the aligned place.
 */
export const predictionPlaces = memoizeSides(
  (state: AppState, side) => [
    currentTokens(state),
    chosenPosition(state),
    modelInfo(state),
    ...(side === OWN ? [] : [alignment(state, side), modelInfo(state, side), predictionPlace(state)]),
  ],
  (state, side): readonly PredictionPlace[] => {
    if (side === OWN) return ownPlaces(state)
    const place = oppositePlace(state, side)
    return place ? [place] : NO_PLACES
  },
)

/** Returns the place shown; null if there is none. */
export function predictionPlace(state: AppState, side = OWN): PredictionPlace | null {
  const places = predictionPlaces(state, side)
  return places.find(({ key }) => side === OWN && key === state.wanted.place) ?? places[0] ?? null
}
