import { alignByDiff, alignByOffsets, type TokenAlignment } from '../../core/comparison/alignment'
import type { AppState } from '../appState'
import { memoizeSides } from '../memoize'
import { comparisonOf } from '../side/sideInputs'
import { currentTokens } from '../side/sideTokens'

/** Returns the alignment of the tokens of the session's own side with another's; null while either is not tokenised. */
export const alignment = memoizeSides(
  (state: AppState, side) => [currentTokens(state), currentTokens(state, side), comparisonOf(state, side)],
  (state, side): TokenAlignment | null => {
    const first = currentTokens(state)
    const second = currentTokens(state, side)
    const comparison = comparisonOf(state, side)
    if (!first || !second || !comparison) return null
    if (first.text === second.text) return alignByOffsets(first.tokens, second.tokens)
    return alignByDiff(first, second, comparison.model === null)
  },
)
