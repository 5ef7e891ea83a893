import type { AppState } from '../appState'
import { OWN } from '../side/side'
import { currentTokens } from '../side/sideTokens'
import { isMeasuring } from './comparisonSelectors'

/** A new text takes two forwards: the original's and the changed one's. */
const FORWARDS = 2

/**
 * Returns how long the measurement under way will take, ms, by what forwards of this side took so far; null where nothing
 * is measured, the text is not cut into tokens yet, or no forward has been measured.
 */
export function expectedTime(state: AppState, side = OWN): number | null {
  const { pace } = state.sides[side]
  const tokens = currentTokens(state, side)?.tokens.length
  if (pace === null || tokens === undefined || !isMeasuring(state, side)) return null
  return FORWARDS * pace * tokens
}
