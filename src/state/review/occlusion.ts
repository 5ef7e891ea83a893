import type { ChangeEffect } from '../../core/measures/changeEffect'
import type { AppState } from '../appState'
import { type Occlusion, sameSequence } from '../results'
import { OWN } from '../side/side'
import { currentTokens } from '../side/sideTokens'
import { maskPlace } from './answerKind'

/** Returns what hiding each token of a side's present text does, as far as it is measured; null before any. */
export function presentOcclusion(state: AppState, side = OWN): Occlusion | null {
  const { occlusion } = state.sides[side]
  const present = occlusion && sameSequence(occlusion.tokenized, currentTokens(state, side))
  return present && occlusion.place === maskPlace(state, side) ? occlusion : null
}

/** Names the ways to change one token whose rankings are compared. */
export type Hiding = 'masked' | 'deleted'

/** Returns the effect of hiding a token; null where it is not measured. */
export const hiddenEffect = (
  occlusion: Occlusion | null,
  hiding: Hiding,
  position: number,
): ChangeEffect | null => occlusion?.[hiding].get(position) ?? null
