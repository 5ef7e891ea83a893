import { type Neighbor, sameFilters } from '../../core/neighbor'
import type { Substitution } from '../../core/substitution'
import type { TokenizedText } from '../../core/token'
import type { AppState } from '../appState'
import { memoize } from '../memoize'
import { idsOf, sameSequence, type TextSubstitutes, type TokenSubstitutes } from '../results'

/** The tokens of the session's text as it stands; null while they are not known. */
export function currentTokens(state: AppState): TokenizedText | null {
  const { value } = state.tokenized
  return value && value.text === state.session.text ? value : null
}

/** Of the session's text as it stands; null while its tokens are not known. */
export function inputIds(state: AppState): readonly number[] | null {
  const tokenized = currentTokens(state)
  return tokenized && idsOf(tokenized)
}

/** The chosen position where the text has a token there that may be substituted; null otherwise. */
export function chosenPosition(state: AppState): number | null {
  const { position } = state.session
  const token = position === null ? undefined : currentTokens(state)?.tokens[position]
  return token && !token.special ? position : null
}

/** The substitutes of every token of the text as it stands; null while they are not known. */
export function textSubstitutes(state: AppState): TextSubstitutes | null {
  const { value } = state.neighbors
  return value && sameSequence(value.tokenized, currentTokens(state)) ? value : null
}

/** Those listed for the chosen token; null while they are not known. */
export function tokenSubstitutes(state: AppState): TokenSubstitutes | null {
  const { value } = state.chosenNeighbors
  return value?.position === chosenPosition(state) && sameSequence(value.tokenized, currentTokens(state))
    ? value
    : null
}

/** The nearest neighbour of the chosen token (eq. 1) under the session's filters; null while unknown. */
export function nearestSubstitute(state: AppState): Neighbor | null {
  const position = chosenPosition(state)
  if (position === null) return null
  const { filters } = state.session
  const all = textSubstitutes(state)
  if (all && sameFilters(all.filters, filters)) return all.byPosition[position]?.[0] ?? null
  const listed = tokenSubstitutes(state)
  if (!listed || !sameFilters(listed.filters, filters)) return null
  return listed.rows.find(({ typed }) => !typed) ?? null
}

/** The token that stands in the chosen place; null while unknown or where none is chosen. */
export function chosenTokenId(state: AppState): number | null {
  if (chosenPosition(state) === null) return null
  return state.session.tokenId ?? nearestSubstitute(state)?.tokenId ?? null
}

/**
 * Held and chosen substitutions, the chosen one last. Empty: nothing is substituted. Null: not known yet (the text is
 * not tokenised, or the nearest neighbour of the chosen token is still being looked for).
 */
export const activeSubstitutions = memoize(
  (state: AppState) => [
    currentTokens(state),
    state.session.held,
    chosenPosition(state),
    chosenTokenId(state),
  ],
  (state): readonly Substitution[] | null => {
    if (!currentTokens(state)) return null
    const position = chosenPosition(state)
    const tokenId = chosenTokenId(state)
    if (position === null) return state.session.held
    return tokenId === null ? null : [...state.session.held, { position, tokenId }]
  },
)
