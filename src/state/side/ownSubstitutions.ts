import type { Substitution } from '../../core/measures/substitution'
import type { AppState } from '../appState'
import { memoize } from '../memoize'
import { OWN } from './side'
import { currentTokens } from './sideTokens'
import { nearestAt } from './substitutes'

/** Returns the session's chosen position if its text has a token there that may be substituted; null otherwise. */
export function ownPosition(state: AppState): number | null {
  const { position } = state.session
  const token = position === null ? undefined : currentTokens(state)?.tokens[position]
  return token && !token.special ? position : null
}

/** Returns the token in the session's chosen place; null while unknown or if none is chosen. */
export function ownTokenId(state: AppState): number | null {
  const position = ownPosition(state)
  if (position === null) return null
  return state.session.tokenId ?? nearestAt(state, OWN, position)?.tokenId ?? null
}

/** Returns the session's held and chosen substitutions, the chosen one last; null while they are not known. */
export const ownSubstitutions = memoize(
  (state: AppState) => [currentTokens(state), state.session.held, ownPosition(state), ownTokenId(state)],
  (state): readonly Substitution[] | null => {
    if (!currentTokens(state)) return null
    const position = ownPosition(state)
    const tokenId = ownTokenId(state)
    if (position === null) return state.session.held
    return tokenId === null ? null : [...state.session.held, { position, tokenId }]
  },
)
