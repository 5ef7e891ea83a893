import { bareText } from '../../../core/text/token'
import { memoizeSides } from '../../../state/memoize'
import { activeSubstitutions, pieceKind, tokenName } from '../../../state/selectors'
import type { AppStoreState } from '../../../state/store'
import { useSideStore } from '../../side'

const labelsOf = (state: AppStoreState, side: number) =>
  (activeSubstitutions(state, side) ?? []).map(
    ({ position, tokenId }) =>
      [position, bareText(tokenName(state, tokenId, side), pieceKind(state, side))] as const,
  )

/** Returns the present substitutes by position; the same map as long as its content is the same. */
const substituteLabels = memoizeSides(
  (state: AppStoreState, side) => [JSON.stringify(labelsOf(state, side))],
  (state, side): ReadonlyMap<number, string> => new Map(labelsOf(state, side)),
)

export function useSubstituteLabels(): ReadonlyMap<number, string> {
  return useSideStore(substituteLabels)
}
