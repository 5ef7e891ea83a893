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
  /** null: the side is given, and cannot be picked. */
  readonly pick: ((side: number) => void) | null
}

const SideContext = createContext<ShownSide>({ side: OWN, pick: null })

/** Returns which side the panel draws; the session's own by default. */
export const useSide = (): number => useContext(SideContext).side

/** Reads the store for the panel's side. @param selector must return the same reference for the same state */
export function useSideStore<T>(selector: (state: AppStoreState, side: number) => T): T {
  const side = useSide()
  return useAppStore((state) => selector(state, side))
}

/** Whether a token is chosen that nothing stands opposite on the panel's side. */
export const useNoCounterpart = (): boolean =>
  useSideStore(
    (state, side) => side !== OWN && state.session.position !== null && chosenPosition(state, side) === null,
  )

/** The panels below draw this side. */
export function SideProvider({ side, children }: { readonly side: number; readonly children: ReactNode }) {
  return <SideContext value={{ side, pick: null }}>{children}</SideContext>
}

/** The panel below draws the side that its switch picks: the session's own while nothing is compared. */
export function PickedSide({ children }: { readonly children: ReactNode }) {
  const compared = useAppStore(isCompared)
  const [picked, pick] = useState(OWN)
  if (!compared && picked !== OWN) pick(OWN)
  return <SideContext value={{ side: compared ? picked : OWN, pick }}>{children}</SideContext>
}

/** Picks the side that a panel draws, where two are compared. @param what names what is shown of it */
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
