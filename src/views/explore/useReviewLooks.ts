import { useMemo } from 'react'
import { formatNumber } from '../../charts/formatNumber'
import { NORM_NAMES } from '../../core/norm'
import { memoize } from '../../state/memoize'
import { tokenShifts } from '../../state/selectors'
import type { AppStoreState } from '../../state/store'
import { useAppStore } from '../appContext'
import type { TokenLook } from './ReviewTokens'

const NO_LOOKS: readonly TokenLook[] = []

const tokenLooks = memoize(
  (state: AppStoreState) => [tokenShifts(state), state.session.norm],
  (state): readonly TokenLook[] => {
    const shifts = tokenShifts(state)
    if (!shifts) return NO_LOOKS
    const least = new Set(shifts.leastImpactful)
    return shifts.tokens.map((token, position) => ({
      tint: token?.tint ?? null,
      note: token ? `shift ${NORM_NAMES[state.session.norm]} ${formatNumber(token.shift)}` : '',
      least: least.has(position),
    }))
  },
)

/** Tint, mark and words of every token of the review, and the ends of the tint's scale. */
export function useReviewLooks() {
  const looks = useAppStore(tokenLooks)
  const range = useAppStore((state) => tokenShifts(state)?.domain ?? null)
  const norm = useAppStore((state) => state.session.norm)
  return useMemo(() => ({ looks, range, norm }), [looks, range, norm])
}
