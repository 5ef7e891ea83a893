import type { Substitution } from '../../core/measures/substitution'
import type { AppState } from '../appState'
import { alignment } from '../compare/alignment'
import { chosenCounterpart, counterSubstitutions } from '../compare/counterparts'
import { memoizeSides } from '../memoize'
import type { TokenSubstitutes } from '../results'
import { ownPosition, ownSubstitutions, ownTokenId } from './ownSubstitutions'
import { OWN } from './side'
import { substitutesAt } from './substitutes'

/** Returns a side's chosen position; null if nothing is chosen, or no token is aligned with it. */
export function chosenPosition(state: AppState, side = OWN): number | null {
  const own = ownPosition(state)
  if (side === OWN || own === null) return own
  return alignment(state, side)?.toSecond[own]?.[0] ?? null
}

/** Returns the token in a side's chosen place; null while unknown or if none is chosen. */
export function chosenTokenId(state: AppState, side = OWN): number | null {
  if (side === OWN) return ownTokenId(state)
  return chosenCounterpart(state, side)?.substitution?.tokenId ?? null
}

/**
 * Returns a side's held and chosen substitutions, the chosen one last. Empty: nothing is substituted. Null: not known
 * yet (the text is not tokenised, or the nearest neighbour of the chosen token is still being looked for).
 */
export function activeSubstitutions(state: AppState, side = OWN): readonly Substitution[] | null {
  return side === OWN ? ownSubstitutions(state) : counterSubstitutions(state, side)
}

const NONE_HELD: readonly Substitution[] = []

/** Returns the substitutions of a side that are held while another token is explored on top of them. */
export const heldSubstitutions = memoizeSides(
  (state: AppState, side) => [
    side === OWN ? state.session.held : activeSubstitutions(state, side),
    chosenPosition(state, side),
  ],
  (state, side): readonly Substitution[] => {
    if (side === OWN) return state.session.held
    const position = chosenPosition(state, side)
    const held = activeSubstitutions(state, side)?.filter((one) => one.position !== position)
    return held?.length ? held : NONE_HELD
  },
)

/** Returns the substitutes listed for a side's chosen token; null while they are not known. */
export function tokenSubstitutes(state: AppState, side = OWN): TokenSubstitutes | null {
  return substitutesAt(state, side, chosenPosition(state, side))
}
