import { type EntryPairs, pairEntries } from '../../core/besideEntry'
import type { AppState } from '../appState'
import { memoizeSides } from '../memoize'
import { vocabularyOf } from '../side/sideModel'

/** Returns which tokens of the session's own vocabulary and of another side's are the same; null while either is not known. */
export const entryPairs = memoizeSides(
  (state: AppState, side) => [vocabularyOf(state), vocabularyOf(state, side)],
  (state, side): EntryPairs | null => {
    const [vocabulary, others] = [vocabularyOf(state), vocabularyOf(state, side)]
    return vocabulary && others && pairEntries(vocabulary, others)
  },
)
