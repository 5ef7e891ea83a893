import type { AppState } from './appState'
import type { Slice } from './storeTypes'

/** Filled by app/network, from what the page and its workers ask for. */
export const createHostsSlice: Slice<Pick<AppState, 'hosts'>> = () => ({ hosts: [] })
