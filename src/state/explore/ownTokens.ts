import type { Substitution } from '../../core/substitution'
import type { AppState } from '../appState'
import { memoize } from '../memoize'
import { activeSubstitutions, inputIds } from './activeSubstitutions'
import { languageModelHead, type PredictionPlace, predictionPlace } from './predictionPlaces'

/** A token that the text itself has at the place looked at. */
export interface OwnToken {
  readonly tokenId: number
  /** What it is to the text: `original`, `substitute`, `next in the text`. */
  readonly note: string
}

const NONE: readonly OwnToken[] = []

/** Causal: what follows in the text. Masked: what stands under the mask, and what takes its place. */
export function ownTokensAt(
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

/** What the session's text has at the place looked at. */
export const ownTokens = memoize(
  (state: AppState) => [inputIds(state), activeSubstitutions(state), predictionPlace(state)],
  (state): readonly OwnToken[] => {
    const ids = inputIds(state)
    const place = predictionPlace(state)
    if (!ids || !place) return NONE
    return ownTokensAt(ids, activeSubstitutions(state) ?? [], place, languageModelHead(state) === 'causal-lm')
  },
)
