import { type EntryPairs, pairEntries } from '../../core/comparison/sameEntry'
import type { AppState } from '../appState'
import { memoizeSides } from '../memoize'
import { vocabularyOf } from '../side/sideModel'

/** Returns the tokens that the session's own vocabulary and another side's share; null while either is not known. */
export const entryPairs = memoizeSides(
  (state: AppState, side) => [vocabularyOf(state), vocabularyOf(state, side)],
  (state, side): EntryPairs | null => {
    const [vocabulary, others] = [vocabularyOf(state), vocabularyOf(state, side)]
    return vocabulary && others && pairEntries(vocabulary, others)
  },
)
