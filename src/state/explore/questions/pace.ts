import { withSide } from '../../side/side'
import { currentTokens } from '../../side/sideTokens'
import type { AppStore } from '../../storeTypes'

/** Weight of a forward that was faster than was expected, and of one that was slower: warming up, or interrupted. */
const FASTER = 0.5
const SLOWER = 0.1

/** Smallest change of the pace that is written, as a part of it. */
const NOTICED = 0.1

/**
 * Keeps how long forwards of a side's present text take, for what a longer task will take. One forward alone counts a
 * little, many in a row for what they are.
 *
 * @param milliseconds time of all of them
 */
export function keepPace(store: AppStore, side: number, milliseconds: number, forwards = 1): void {
  const state = store.getState()
  const length = currentTokens(state, side)?.tokens.length ?? 0
  if (length === 0 || forwards === 0) return
  const { pace } = state.sides[side]
  const rate = milliseconds / forwards / length
  const weight = pace === null || forwards > 1 ? 1 : rate < pace ? FASTER : SLOWER
  const next = (pace ?? rate) + weight * (rate - (pace ?? rate))
  if (pace === null || Math.abs(next / pace - 1) > NOTICED)
    store.setState(withSide(state, side, { pace: next }))
}
