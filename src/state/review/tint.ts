import type { ChangeEffect } from '../../core/measures/changeEffect'
import type { Norm } from '../../core/measures/norm'
import type { Tint } from '../../core/session/session'
import type { AppState } from '../appState'
import { memoizeSides } from '../memoize'
import { sameSequence, type TokenEffect, type TokenEffects } from '../results'
import { OWN } from '../side/side'
import { currentTokens } from '../side/sideTokens'
import { textSubstitutes } from '../side/substitutes'
import { answerKind, maskPlace } from './answerKind'

/** Holds the quantity that tints a review, token by token. */
export interface ReviewTint {
  readonly quantity: Tint
  /** Values by position, with the sign of a change of the answer; null if not known, or no candidate. */
  readonly values: readonly (number | null)[]
  /** Smallest and largest size of a value so far; null before any. */
  readonly domain: readonly [number, number] | null
  /** Number of tokens whose value is known, of those that have a substitute. */
  readonly known: number
  readonly total: number
}

/** Returns the size of a quantity in an effect; NaN if the model gives no answer. */
export function amountOf(effect: ChangeEffect, quantity: Tint, norm: Norm): number {
  if (quantity === 'shift') return effect.shift[norm]
  return quantity === 'distance' ? effect.distance : Math.abs(effect.answer?.change ?? Number.NaN)
}

/** Returns the quantity that tints a side: the session's, or the shift where its model gives no answer. */
export function shownTint(state: AppState, side = OWN): Tint {
  const { tint } = state.session
  return tint === 'answer' && answerKind(state, side) === null ? 'shift' : tint
}

/** Returns the effects measured for a side's present text and place; null before any. */
function presentEffects(state: AppState, side: number): TokenEffects | null {
  const { effects } = state.sides[side]
  const present = effects && sameSequence(effects.tokenized, currentTokens(state, side))
  return present && effects.place === maskPlace(state, side) ? effects : null
}

/** Returns the effect of each token's present nearest substitute, by position; null where it is not measured. */
export const tokenEffects = memoizeSides(
  (state: AppState, side) => [
    currentTokens(state, side),
    textSubstitutes(state, side),
    presentEffects(state, side),
  ],
  (state, side): readonly (TokenEffect | null)[] => {
    const effects = presentEffects(state, side)
    const nearest = textSubstitutes(state, side)?.byPosition ?? []
    return (currentTokens(state, side)?.tokens ?? []).map((_, position) => {
      const effect = effects?.byPosition.get(position)
      return effect && effect.tokenId === nearest[position]?.[0]?.tokenId ? effect : null
    })
  },
)

/** Returns the quantity that tints the review, token by token; null while the substitutes are not known. */
export const reviewTint = memoizeSides(
  (state: AppState, side) => [
    currentTokens(state, side),
    textSubstitutes(state, side),
    shownTint(state, side),
    state.session.norm,
    shownTint(state, side) === 'shift' ? null : tokenEffects(state, side),
  ],
  (state, side): ReviewTint | null => {
    const tokens = currentTokens(state, side)?.tokens
    const nearest = textSubstitutes(state, side)?.byPosition
    if (!tokens || !nearest) return null
    const quantity = shownTint(state, side)
    const effects = quantity === 'shift' ? [] : tokenEffects(state, side)
    let total = 0
    const values = tokens.map(({ special }, position) => {
      const [first] = nearest[position] ?? []
      if (special || !first) return null
      total++
      const effect = effects[position]
      if (quantity === 'shift') return finite(first.shift[state.session.norm])
      if (quantity === 'distance') return finite(effect?.distance)
      return finite(effect?.answer?.change)
    })
    const amounts = values.flatMap((value) => (value === null ? [] : [Math.abs(value)]))
    const domain = amounts.reduce<[number, number] | null>(
      (ends, amount) => (ends ? [Math.min(ends[0], amount), Math.max(ends[1], amount)] : [amount, amount]),
      null,
    )
    return { quantity, values, domain, known: amounts.length, total }
  },
)

const finite = (value: number | undefined): number | null =>
  value === undefined || !Number.isFinite(value) ? null : value
