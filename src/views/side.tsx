import { createContext, type ReactNode, useContext, useId, useState } from 'react'
import { sideNames } from '../state/compare/compareSelectors'
import { chosenPosition } from '../state/side/activeSubstitutions'
import { OWN } from '../state/side/side'
import { isCompared } from '../state/side/sideModel'
import type { AppStoreState } from '../state/store'
import { useAppStore } from './appContext'

export const NO_COUNTERPART = 'The chosen token has no counterpart on this side.'

interface ShownSide {
  readonly side: number
  /** Picks the side; null if the side is given and cannot be picked. */
  readonly pick: ((side: number) => void) | null
}

const SideContext = createContext<ShownSide>({ side: OWN, pick: null })

/** Returns the side that the panel draws; the session's own by default. */
export const useSide = (): number => useContext(SideContext).side

/** Reads the store for the panel's side. @param selector must return the same reference for the same state */
export function useSideStore<T>(selector: (state: AppStoreState, side: number) => T): T {
  const side = useSide()
  return useAppStore((state) => selector(state, side))
}

/** Says whether the chosen token has no counterpart on the panel's side. */
export const useNoCounterpart = (): boolean =>
  useSideStore(
    (state, side) => side !== OWN && state.session.position !== null && chosenPosition(state, side) === null,
  )

/** Provides the side that the panels below draw. */
export function SideProvider({ side, children }: { readonly side: number; readonly children: ReactNode }) {
  return <SideContext value={{ side, pick: null }}>{children}</SideContext>
}

/** Provides the side that the panel's switch picks: the session's own while nothing is compared. */
export function PickedSide({ children }: { readonly children: ReactNode }) {
  const compared = useAppStore(isCompared)
  const [picked, pick] = useState(OWN)
  if (!compared && picked !== OWN) pick(OWN)
  return <SideContext value={{ side: compared ? picked : OWN, pick }}>{children}</SideContext>
}

/** Picks the side that a panel draws, while two are compared. @param what names the content of the panel */
export function SideSwitch({ what }: { readonly what: string }) {
  const { side, pick } = useContext(SideContext)
  const compared = useAppStore(isCompared)
  const names = useAppStore(sideNames)
  const group = useId()
  if (!compared || !pick) return null
  return (
    <fieldset className="segments side-switch">
      <legend className="visually-hidden">{what}: which side</legend>
      {names.map((name, i) => (
        <label key={name} title={name}>
          <input type="radio" name={group} checked={i === side} onChange={() => pick(i)} />
          <span className="side-name">{name}</span>
        </label>
      ))}
    </fieldset>
  )
}
