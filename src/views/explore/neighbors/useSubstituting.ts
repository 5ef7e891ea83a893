import { useCallback } from 'react'
import { sideNames } from '../../../state/compare/compareSelectors'
import { entryPairs } from '../../../state/compare/entryPairs'
import { OWN } from '../../../state/side/side'
import { useActions, useAppStoreApi } from '../../appContext'
import { useSide } from '../../side'

/**
 * Puts a token of the panel's vocabulary in the chosen place. On another side the session takes the token of its own
 * vocabulary with the same spelling, so that both sides have it.
 */
export function useSubstituting(): (tokenId: number) => void {
  const store = useAppStoreApi()
  const side = useSide()
  const { chooseSubstitute, setOwnNearest, notify } = useActions()
  return useCallback(
    (tokenId) => {
      if (side === OWN) {
        chooseSubstitute(tokenId)
        return
      }
      const same = entryPairs(store.getState(), side)?.toFirst(tokenId) ?? null
      if (same === null) {
        const { [OWN]: first } = sideNames(store.getState())
        notify({
          tone: 'info',
          text: `${first} has no single token of this spelling, so it cannot be put in its place on both sides.`,
        })
        return
      }
      setOwnNearest(false)
      chooseSubstitute(same)
    },
    [store, side, chooseSubstitute, setOwnNearest, notify],
  )
}
