import type { StateCreator, StoreApi } from 'zustand/vanilla'
import type { Actions, AppState } from './appState'
import type { Example } from './learn/examples'
import type { Services } from './services'

export type AppStoreState = AppState & Actions
export type AppStore = StoreApi<AppStoreState>

/** Holds the options from which slices are built. */
export interface StoreOptions {
  readonly examples: readonly Example[]
  readonly services?: Partial<Services>
}

/** Creates a part of the store: it may read and write all of it, and contributes `Part`. */
export type Slice<Part> = StateCreator<AppStoreState, [], [], Part>
