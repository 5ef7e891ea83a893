import type { TokenizedText } from '../../core/text/token'
import type { AppState } from '../appState'
import { idsOf } from '../results'
import { OWN } from './side'

/** Returns the text of a side; null if nothing is compared. */
export function sideText({ session }: AppState, side = OWN): string | null {
  if (side === OWN) return session.text
  return session.comparison ? (session.comparison.text ?? session.text) : null
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
