import { alignByDiff, alignByOffsets, type TokenAlignment } from '../../core/besideAlignment'
import type { AppState } from '../appState'
import { memoizeSides } from '../memoize'
import { currentTokens } from '../side/sideTokens'

/** Returns the alignment of the tokens of the session's own side with another's; null while either is not tokenised. */
export const alignment = memoizeSides(
  (state: AppState, side) => [
    currentTokens(state),
    currentTokens(state, side),
    state.session.beside?.model === null,
    state.session.beside?.text === null || state.session.beside?.text === state.session.text,
  ],
  (state, side): TokenAlignment | null => {
    const first = currentTokens(state)
    const second = currentTokens(state, side)
    if (!first || !second || !state.session.beside) return null
    if (first.text === second.text) return alignByOffsets(first.tokens, second.tokens)
    return alignByDiff(first, second, state.session.beside.model === null)
  },
)
