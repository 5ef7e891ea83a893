import type { ModelInfo } from '../../core/explorer'
import type { AppState } from '../appState'
import { memoize } from '../memoize'
import type { PlaceKey } from '../results'
import { chosenPosition, currentTokens } from './activeSubstitutions'
import { modelInfo } from './comparisonSelectors'

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

/** Of the open model. */
export const languageModelHead = (state: AppState) => languageHeadOf(modelInfo(state))

/** Whether a change reaches only later positions. */
export function isCausal(state: AppState): boolean {
  return modelInfo(state)?.details?.causal === true
}

const NO_PLACES: readonly PredictionPlace[] = []

function buildPlaces(state: AppState): readonly PredictionPlace[] {
  const tokens = currentTokens(state)?.tokens
  const head = languageModelHead(state)
  if (!tokens || tokens.length === 0 || !head) return NO_PLACES
  const position = chosenPosition(state)
  const chosen: readonly PredictionPlace[] = position === null ? [] : [{ key: 'chosen', position }]
  const last = tokens.length - 1
  if (head === 'causal-lm') {
    return [{ key: 'end', position: last }, ...chosen.filter((place) => place.position !== last)]
  }
  const maskId = modelInfo(state)?.details?.maskId
  if (maskId === undefined) return NO_PLACES
  const masks = tokens.flatMap(({ id }, at): PredictionPlace[] =>
    id === maskId && at !== position ? [{ key: `mask-${at}`, position: at }] : [],
  )
  return [...masks, ...chosen]
}

/** All places, the one shown first of them first: the end of the text, or the masks that it has, before the chosen token. */
export const predictionPlaces = memoize(
  (state: AppState) => [currentTokens(state), chosenPosition(state), modelInfo(state)],
  buildPlaces,
)

/** The place looked at; null where there is none. */
export function predictionPlace(state: AppState): PredictionPlace | null {
  const places = predictionPlaces(state)
  return places.find(({ key }) => key === state.wanted.place) ?? places[0] ?? null
}
