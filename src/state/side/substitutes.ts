import { type Neighbor, sameFilters } from '../../core/measures/neighbor'
import type { AppState } from '../appState'
import { sameSequence, type TextSubstitutes, type TokenSubstitutes } from '../results'
import { OWN } from './side'
import { currentTokens } from './sideTokens'

/** Returns the substitutes of every token of a side's present text; null while they are not known. */
export function textSubstitutes(state: AppState, side = OWN): TextSubstitutes | null {
  const { value } = state.sides[side].neighbors
  return value && sameSequence(value.tokenized, currentTokens(state, side)) ? value : null
}

/** Returns the substitutes listed for the token at a position; null while they are not known. */
export function substitutesAt(
  state: AppState,
  side: number,
  position: number | null,
): TokenSubstitutes | null {
  const { value } = state.sides[side].chosenNeighbors
  if (value?.position !== position) return null
  return value && sameSequence(value.tokenized, currentTokens(state, side)) ? value : null
}

/**
 * Returns the nearest neighbour of the token at a position (eq. 1) under the session's filters; null if it has none.
 *
 * @returns undefined while it is not known
 */
export function nearestAt(state: AppState, side: number, position: number): Neighbor | null | undefined {
  const { filters } = state.session
  const all = textSubstitutes(state, side)
  if (all && sameFilters(all.filters, filters)) return all.byPosition[position]?.[0] ?? null
  const listed = substitutesAt(state, side, position)
  if (!listed || !sameFilters(listed.filters, filters)) return undefined
  return listed.rows.find(({ typed }) => !typed) ?? null
}
