import type { Substitution } from '../../core/measures/substitution'
import type { AppState } from '../appState'
import { memoizeSides } from '../memoize'
import { activeSubstitutions } from '../side/activeSubstitutions'
import { inputIds } from '../side/sideTokens'
import { languageModelHead, type PredictionPlace, predictionPlace } from './predictionPlaces'

/** Holds a token that the text itself has at the place shown. */
export interface OwnToken {
  readonly tokenId: number
  /** Role of the token in the text: `original`, `substitute`, `next in the text`. */
  readonly note: string
}

const NONE: readonly OwnToken[] = []

/**
 * Returns the text's own tokens at a place. Causal: the next token. Masked: the token under the mask, and its
 * substitute.
 */
function ownTokensAt(
  ids: readonly number[],
  substitutions: readonly Substitution[],
  place: PredictionPlace,
  causal: boolean,
): readonly OwnToken[] {
  if (place.key === 'end' || place.key.startsWith('mask-')) return NONE
  const at = causal ? place.position + 1 : place.position
  if (at >= ids.length) return NONE
  const original = { tokenId: ids[at], note: causal ? 'next in the text' : 'original' }
  const substitution = substitutions.find(({ position }) => position === at)
  if (!substitution) return [original]
  const note = causal ? 'next in the changed text' : 'substitute'
  return [original, { tokenId: substitution.tokenId, note }]
}

/** Returns the tokens of a side's text at the place shown. */
export const ownTokens = memoizeSides(
  (state: AppState, side) => [
    inputIds(state, side),
    activeSubstitutions(state, side),
    predictionPlace(state, side),
    languageModelHead(state, side),
  ],
  (state, side): readonly OwnToken[] => {
    const ids = inputIds(state, side)
    const place = predictionPlace(state, side)
    if (!ids || !place) return NONE
    const causal = languageModelHead(state, side) === 'causal-lm'
    return ownTokensAt(ids, activeSubstitutions(state, side) ?? [], place, causal)
  },
)
