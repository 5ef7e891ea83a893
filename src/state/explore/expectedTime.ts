import type { AppState } from '../appState'
import { OWN } from '../side/side'
import { modelInfo } from '../side/sideModel'
import { currentTokens, sideText } from '../side/sideTokens'
import { isMeasuring } from './comparisonSelectors'

/** Characters a token of English, about. */
const CHARACTERS_A_TOKEN = 4.5
/** A new text takes two forwards: the original's and the changed one's. */
const FORWARDS = 2

/**
 * Returns how long the measurement under way will take, ms, by what forwards of this side took so far; null where nothing
 * is measured, or no forward has been.
 */
export function expectedTime(state: AppState, side = OWN): number | null {
  const { pace } = state.sides[side]
  if (pace === null || !isMeasuring(state, side)) return null
  const characters = sideText(state, side)?.length ?? 0
  const most = modelInfo(state, side)?.maxTokens ?? Number.POSITIVE_INFINITY
  const tokens = currentTokens(state, side)?.tokens.length ?? Math.ceil(characters / CHARACTERS_A_TOKEN)
  return FORWARDS * pace * Math.min(tokens, most)
}
