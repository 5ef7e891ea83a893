import type { TokenizedText } from '../../core/text/token'
import type { AppState } from '../appState'
import { idsOf } from '../results'
import { OWN } from './side'
import { comparisonOf } from './sideInputs'

/** Returns the text of a side; null if nothing is compared. */
export function sideText(state: AppState, side = OWN): string | null {
  const { text } = state.session
  if (side === OWN) return text
  const comparison = comparisonOf(state, side)
  return comparison && (comparison.text ?? text)
}

/** Returns the tokens of a side's present text; null while they are not known. */
export function currentTokens(state: AppState, side = OWN): TokenizedText | null {
  const { value } = state.sides[side].tokenized
  return value && value.text === sideText(state, side) ? value : null
}

/** Returns the input ids of a side's present text; null while its tokens are not known. */
export function inputIds(state: AppState, side = OWN): readonly number[] | null {
  const tokenized = currentTokens(state, side)
  return tokenized && idsOf(tokenized)
}
