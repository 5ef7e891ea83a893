import type { Actions, AppState } from './appState'
import type { OfflineState } from './results'
import type { Slice } from './storeTypes'

export type UpdateSlice = Pick<AppState, 'offline'> & Pick<Actions, 'takeUpdate' | 'postponeUpdate'>

/** Records what the user wants; `connectUpdate` does it. */
export const createUpdateSlice: Slice<UpdateSlice> = (set) => {
  const change = (update: OfflineState['update']) => () =>
    set(({ offline }) => (offline.update === 'none' ? {} : { offline: { ...offline, update } }))
  return {
    offline: { kept: 'not-yet', update: 'none', otherPages: 0 },
    takeUpdate: change('wanted'),
    postponeUpdate: change('postponed'),
  }
}
