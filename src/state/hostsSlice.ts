import type { AppState } from './appState'
import type { Slice } from './storeTypes'

/** Creates the list of hosts; app/network fills it from the requests of the page and its workers. */
export const createHostsSlice: Slice<Pick<AppState, 'hosts'>> = () => ({ hosts: [] })
