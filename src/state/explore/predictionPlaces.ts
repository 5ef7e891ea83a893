import type { ModelInfo } from '../../core/explorer'
import type { AppState } from '../appState'
import { alignment } from '../compare/alignment'
import { memoizeSides } from '../memoize'
import type { PlaceKey } from '../results'
import { chosenPosition } from '../side/activeSubstitutions'
import { OWN } from '../side/side'
import { modelInfo } from '../side/sideModel'
import { currentTokens, inputIds } from '../side/sideTokens'

/** Where a language model's distribution can be looked at. */
export interface PredictionPlace {
  readonly key: PlaceKey
  /** Causal: of the token before the place. Masked: of the place. */
  readonly position: number
}

export type LanguageHead = 'masked-lm' | 'causal-lm'

/** The kind of a model's head where it is a language model's; null for other heads. */
export function languageHeadOf(info: ModelInfo | null): LanguageHead | null {
  const head = info?.details?.head
  return head === 'masked-lm' || head === 'causal-lm' ? head : null
}

/** The kind of a side's head where it is a language model's. */
export const languageModelHead = (state: AppState, side = OWN) => languageHeadOf(modelInfo(state, side))

/** Whether a change reaches only later positions. */
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

/** Where a side's text has the mask that is looked at on the session's own. */
function oppositeMask(state: AppState, side: number, { position }: PredictionPlace): PredictionPlace | null {
  const [first, second] = [inputIds(state), inputIds(state, side)]
  if (!first || !second) return null
  const ours = masksOf(first, modelInfo(state)?.details?.maskId)
  const at = masksOf(second, modelInfo(state, side)?.details?.maskId)[ours.indexOf(position)]
  return at === undefined ? null : { key: `mask-${at}`, position: at }
}

/**
 * The place of another side opposite the one looked at on the session's own: of several tokens the first is masked, where
 * the change happens, and one looks after the last.
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
 * All places of a side. Of the session's own the one shown first of them first: the end of the text, or the masks that it
 * has, before the chosen token; of another one what stands opposite.
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

/** The place looked at; null where there is none. */
export function predictionPlace(state: AppState, side = OWN): PredictionPlace | null {
  const places = predictionPlaces(state, side)
  return places.find(({ key }) => side === OWN && key === state.wanted.place) ?? places[0] ?? null
}
