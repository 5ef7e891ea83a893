import { useEffect, useState } from 'react'
import { tourMemory } from '../../state/learn/learnTour'
import { activeMeasurement } from '../../state/selectors'
import type { AppStoreState } from '../../state/store'
import { useAppStore } from '../appContext'

/** Time to look at the page before the tour starts, ms. */
const PAUSE = 1200

/** Says whether there is something to explain. */
const isExplained = (state: AppStoreState) =>
  state.session.view === 'explore' && activeMeasurement(state) !== null

/** Says whether the visitor has not started by themselves. */
const isUntouched = (state: AppStoreState) => state.history.past.length === 0

/**
 * Calls once, when a first visit without a link has its results on screen.
 *
 * @param always true if the tour was asked for by the address: at any visit, over any session
 */
export function useFirstVisit(onFirstVisit: () => void, always = false): void {
  const [unlinked] = useState(() => window.location.hash.length <= 1)
  const [met, setMet] = useState(false)
  const explained = useAppStore(isExplained)
  const untouched = useAppStore(isUntouched)
  const waits = explained && (always || (unlinked && untouched)) && !met
  useEffect(() => {
    if (!waits || !(always || tourMemory(() => localStorage).due())) return
    const timer = setTimeout(() => {
      setMet(true)
      onFirstVisit()
    }, PAUSE)
    return () => clearTimeout(timer)
  }, [waits, always, onFirstVisit])
}
