import { bareText } from '../../core/token'
import { activeSubstitutions, pieceKind, tokenName } from '../../state/selectors'
import type { AppStoreState } from '../../state/store'
import { useAppStore } from '../appContext'

const NONE: ReadonlyMap<number, string> = new Map()

let last: ReadonlyMap<number, string> = NONE

/** What stands in place of a token now, by position; the same map as long as it says the same. */
function substituteLabels(state: AppStoreState): ReadonlyMap<number, string> {
  const entries = (activeSubstitutions(state) ?? []).map(
    ({ position, tokenId }) => [position, bareText(tokenName(state, tokenId), pieceKind(state))] as const,
  )
  const same =
    entries.length === last.size && entries.every(([position, name]) => last.get(position) === name)
  if (!same) last = new Map(entries)
  return last
}

export function useSubstituteLabels(): ReadonlyMap<number, string> {
  return useAppStore(substituteLabels)
}
