import { useMemo } from 'react'
import { type AmountTransform, amountFraction, inferTransform } from '../../../charts/amountScale'
import { memoizeSides } from '../../../state/memoize'
import { answerKind } from '../../../state/review/answerKind'
import { type ReviewTint, reviewTint } from '../../../state/review/tint'
import { modelInfo, tokenShifts } from '../../../state/selectors'
import type { AppStoreState } from '../../../state/store'
import { useSideStore } from '../../side'
import { formatQuantity, quantityName } from '../layers/quantityNames'
import type { TokenLook } from './ReviewTokens'

const NO_LOOKS: readonly TokenLook[] = []

/** Returns how the amounts of a tint spread: a shift is drawn as it is, the others may be small but for a few. */
function transformOf({ quantity, values }: ReviewTint): AmountTransform {
  if (quantity === 'shift') return 'linear'
  return inferTransform(values.flatMap((value) => (value === null ? [] : [Math.abs(value)])))
}

const strengthOf = (value: number, { domain }: ReviewTint, transform: AmountTransform) => {
  const strength = domain ? amountFraction(Math.abs(value), domain, transform) : Number.NaN
  // One amount for all tokens is neither far nor near.
  return Number.isNaN(strength) ? 0 : strength
}

const tokenLooks = memoizeSides(
  (state: AppStoreState, side) => [
    reviewTint(state, side),
    tokenShifts(state, side),
    modelInfo(state, side),
    answerKind(state, side),
  ],
  (state, side): readonly TokenLook[] => {
    const tint = reviewTint(state, side)
    const least = new Set(tokenShifts(state, side)?.leastImpactful)
    if (!tint) return NO_LOOKS
    const transform = transformOf(tint)
    const kind = answerKind(state, side)
    const names = { norm: state.session.norm, layers: modelInfo(state, side)?.layers ?? null, kind }
    const candidates = new Set(tokenShifts(state, side)?.tokens.flatMap((token, at) => (token ? [at] : [])))
    return tint.values.map((value, position) => {
      const { spoken } = quantityName(tint.quantity, names)
      const known = value === null ? 'not measured yet' : formatQuantity(value, tint.quantity, kind)
      return {
        // Steps that can be told apart: a token is drawn again only if it looks otherwise.
        tint: value === null ? null : Math.round(100 * strengthOf(value, tint, transform)) / 100,
        note: candidates.has(position) ? `${spoken} ${known}` : '',
        least: least.has(position),
      }
    })
  },
)

/** Returns tint, mark and words of every token of the review, and the tint's scale. */
export function useReviewLooks() {
  const looks = useSideStore(tokenLooks)
  const tint = useSideStore(reviewTint)
  return useMemo(() => ({ looks, tint, transform: tint ? transformOf(tint) : 'linear' }), [looks, tint])
}
