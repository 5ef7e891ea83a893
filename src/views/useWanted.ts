import { useEffect } from 'react'
import type { Actions } from '../state/appState'
import { OWN } from '../state/side/side'
import { useActions } from './appContext'
import { useSide } from './side'

/**
 * Requests a part of the panel's side while the panel is shown; a part of the session's own side is always requested.
 */
export function useWanted(part: Parameters<Actions['want']>[0]): void {
  const side = useSide()
  const { want } = useActions()
  useEffect(() => {
    if (side === OWN) return
    want(part, true, side)
    return () => want(part, false, side)
  }, [part, side, want])
}
