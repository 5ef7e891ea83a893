import { useCallback } from 'react'
import { alignment } from '../../../state/compare/alignment'
import { sideNames } from '../../../state/compare/compareSelectors'
import { OWN } from '../../../state/side/side'
import { useActions, useAppStoreApi } from '../../appContext'
import { useSide } from '../../side'

/** Chooses a token of the panel's side: the session explores it, or its counterpart on the session's own side. */
export function useChoosing(): (position: number) => void {
  const store = useAppStoreApi()
  const side = useSide()
  const { selectPosition, notify } = useActions()
  return useCallback(
    (position) => {
      if (side === OWN) {
        selectPosition(position)
        return
      }
      const opposite = alignment(store.getState(), side)?.toFirst[position]?.[0]
      if (opposite !== undefined) selectPosition(opposite)
      else {
        const { [OWN]: first } = sideNames(store.getState())
        notify({ tone: 'info', text: `This token has no counterpart in ${first}, so nothing is changed.` })
      }
    },
    [store, side, selectPosition, notify],
  )
}
