import { createContext, type ReactNode, useContext } from 'react'
import { useStore } from 'zustand'
import type { Actions } from '../state/appState'
import type { AppStore, AppStoreState } from '../state/store'

const StoreContext = createContext<AppStore | null>(null)

interface AppProviderProps {
  readonly store: AppStore
  readonly children: ReactNode
}

/** Gives every panel below it the page's store. */
export function AppProvider({ store, children }: AppProviderProps) {
  return <StoreContext value={store}>{children}</StoreContext>
}

/** For work outside rendering: an export reads the state at the click. */
export function useAppStoreApi(): AppStore {
  const store = useContext(StoreContext)
  if (!store) throw new Error('a panel stands outside AppProvider')
  return store
}

/** @param selector must return the same reference for the same state */
export function useAppStore<T>(selector: (state: AppStoreState) => T): T {
  return useStore(useAppStoreApi(), selector)
}

/** The store's actions; they never change, so no render follows from reading them. */
export function useActions(): Actions {
  return useAppStoreApi().getState()
}
