import { useMemo } from 'react'
import { formatNumber } from '../../charts/formatNumber'
import { NORM_NAMES } from '../../core/norm'
import { memoizeSides } from '../../state/memoize'
import { tokenShifts } from '../../state/selectors'
import type { AppStoreState } from '../../state/store'
import { useAppStore } from '../appContext'
import { useSideStore } from '../side'
import type { TokenLook } from './ReviewTokens'

const NO_LOOKS: readonly TokenLook[] = []

const tokenLooks = memoizeSides(
  (state: AppStoreState, side) => [tokenShifts(state, side), state.session.norm],
  (state, side): readonly TokenLook[] => {
    const shifts = tokenShifts(state, side)
    if (!shifts) return NO_LOOKS
    const least = new Set(shifts.leastImpactful)
    return shifts.tokens.map((token, position) => ({
      tint: token?.tint ?? null,
      note: token ? `shift ${NORM_NAMES[state.session.norm]} ${formatNumber(token.shift)}` : '',
      least: least.has(position),
    }))
  },
)

/** Returns tint, mark and words of every token of the review, the ends of the tint's scale, and the norm. */
export function useReviewLooks() {
  const looks = useSideStore(tokenLooks)
  const range = useSideStore((state, side) => tokenShifts(state, side)?.domain ?? null)
  const norm = useAppStore((state) => state.session.norm)
  return useMemo(() => ({ looks, range, norm }), [looks, range, norm])
}
