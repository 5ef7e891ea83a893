import type { Neighbor } from '../../core/measures/neighbor'
import type { Norm } from '../../core/measures/norm'
import type { TokenizedText } from '../../core/text/token'
import type { AppState } from '../appState'
import { memoizeSides } from '../memoize'
import { currentTokens } from '../side/sideTokens'
import { textSubstitutes } from '../side/substitutes'

/** Number of tokens of a sequence that are marked as the least impactful (paper, section 4.1). */
const LEAST_IMPACTFUL = 5

/** Holds the shift of a token's nearest substitute, relative to the other tokens of its text. */
export interface TokenShift {
  /** Norm of h_0(x) - h_0(x'), in the session's norm. */
  readonly shift: number
  /** Rank; 0 is the smallest of the text; ties share the lower rank. */
  readonly rank: number
}

export interface TokenShifts {
  /** Shifts by position; null if the token is no candidate or has no substitute. */
  readonly tokens: readonly (TokenShift | null)[]
  /** Smallest and largest shift; null if there is no candidate. */
  readonly domain: readonly [number, number] | null
  /** Five positions of smallest shift, smallest first, ties by position. */
  readonly leastImpactful: readonly number[]
}

export function computeTokenShifts(
  tokens: TokenizedText['tokens'],
  neighbors: readonly (readonly Neighbor[])[],
  norm: Norm,
): TokenShifts {
  const order = tokens
    .flatMap(({ special }, position) => {
      const shift = neighbors[position]?.[0]?.shift[norm]
      return special || shift === undefined || Number.isNaN(shift) ? [] : [{ position, shift }]
    })
    .sort((a, b) => a.shift - b.shift || a.position - b.position)
  const lowest = order[0]?.shift
  const highest = order.at(-1)?.shift
  if (lowest === undefined || highest === undefined) {
    return { tokens: tokens.map(() => null), domain: null, leastImpactful: [] }
  }
  const shifts: (TokenShift | null)[] = tokens.map(() => null)
  let rank = 0
  order.forEach(({ position, shift }, i) => {
    if (i > 0 && shift > order[i - 1].shift) rank = i
    shifts[position] = { shift, rank }
  })
  return {
    tokens: shifts,
    domain: [lowest, highest],
    leastImpactful: order.slice(0, LEAST_IMPACTFUL).map(({ position }) => position),
  }
}

/** Returns shift and rank by position, for the present text; null while unknown. */
export const tokenShifts = memoizeSides(
  (state: AppState, side) => [currentTokens(state, side), textSubstitutes(state, side), state.session.norm],
  (state, side): TokenShifts | null => {
    const tokens = currentTokens(state, side)?.tokens
    const substitutes = textSubstitutes(state, side)
    if (!tokens || !substitutes) return null
    return computeTokenShifts(tokens, substitutes.byPosition, state.session.norm)
  },
)

const NO_POSITIONS: readonly number[] = []

export function leastImpactful(state: AppState): readonly number[] {
  return tokenShifts(state)?.leastImpactful ?? NO_POSITIONS
}
