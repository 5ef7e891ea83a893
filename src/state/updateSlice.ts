import type { Actions, AppState } from './appState'
import type { Slice } from './storeTypes'

/** What the browser keeps of the page, and whether a newer one is there. */
export interface OfflineState {
  /** Whether the page will open without a network; `unavailable`: this browser does not let it be kept. */
  readonly kept: 'not-yet' | 'kept' | 'unavailable'
  /** A new version: `offered` until the user says, then `postponed` for as long as this page is open, or `wanted`. */
  readonly update: 'none' | 'offered' | 'postponed' | 'wanted'
  /** Other tabs and frames with the present version, which has to stay for them; known once an update was wanted. */
  readonly otherPages: number
}

export type UpdateSlice = Pick<AppState, 'offline'> & Pick<Actions, 'takeUpdate' | 'postponeUpdate'>

/** Only says what the user wants; `connectUpdate` does it. */
export const createUpdateSlice: Slice<UpdateSlice> = (set) => {
  const change = (update: OfflineState['update']) => () =>
    set(({ offline }) => (offline.update === 'none' ? {} : { offline: { ...offline, update } }))
  return {
    offline: { kept: 'not-yet', update: 'none', otherPages: 0 },
    takeUpdate: change('wanted'),
    postponeUpdate: change('postponed'),
  }
}
