import { createContext, type ReactNode, useContext } from 'react'
import { useStore } from 'zustand'
import type { Actions } from '../state/appState'
import type { AppStore, AppStoreState } from '../state/store'

const StoreContext = createContext<AppStore | null>(null)

interface AppProviderProps {
  readonly store: AppStore
  readonly children: ReactNode
}

/** Provides the page's store to every panel below it. */
export function AppProvider({ store, children }: AppProviderProps) {
  return <StoreContext value={store}>{children}</StoreContext>
}

/** Returns the store, for work outside rendering: an export reads the state at the click. */
export function useAppStoreApi(): AppStore {
  const store = useContext(StoreContext)
  if (!store) throw new Error('a panel stands outside AppProvider')
  return store
}

/** Reads the store. @param selector must return the same reference for the same state */
export function useAppStore<T>(selector: (state: AppStoreState) => T): T {
  return useStore(useAppStoreApi(), selector)
}

/** Returns the store's actions; they never change, so reading them causes no render. */
export function useActions(): Actions {
  return useAppStoreApi().getState()
}
