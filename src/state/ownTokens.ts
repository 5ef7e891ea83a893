import { activeSubstitutions, inputIds } from './activeSubstitutions'
import type { AppState } from './appState'
import { memoize } from './memoize'
import { languageModelHead, predictionPlace } from './predictionPlaces'

/** A token that the text itself has at the place looked at. */
export interface OwnToken {
  readonly tokenId: number
  /** What it is to the text: `original`, `substitute`, `next in the text`. */
  readonly note: string
}

const NONE: readonly OwnToken[] = []

/** Causal: what follows in the text. Masked: what stands under the mask, and what takes its place. */
export const ownTokens = memoize(
  (state: AppState) => [inputIds(state), activeSubstitutions(state), predictionPlace(state)],
  (state): readonly OwnToken[] => {
    const ids = inputIds(state)
    const place = predictionPlace(state)
    if (!ids || !place || place.key === 'end' || place.key.startsWith('mask-')) return NONE
    const causal = languageModelHead(state) === 'causal-lm'
    const at = causal ? place.position + 1 : place.position
    const original = { tokenId: ids[at], note: causal ? 'next in the text' : 'original' }
    const substitution = activeSubstitutions(state)?.find(({ position }) => position === at)
    if (!substitution) return [original]
    const note = causal ? 'next in the changed text' : 'substitute'
    return [original, { tokenId: substitution.tokenId, note }]
  },
)
