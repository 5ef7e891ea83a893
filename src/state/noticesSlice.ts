import type { Actions, AppState } from './appState'
import type { Slice } from './storeTypes'

/** Most notices; older ones are dropped. */
const MAX_NOTICES = 5

export type NoticesSlice = Pick<AppState, 'notices'> & Pick<Actions, 'notify' | 'dismissNotice'>

export const createNoticesSlice: Slice<NoticesSlice> = (set) => {
  let nextId = 1
  return {
    notices: [],
    notify: (notice) =>
      set(({ notices }) => ({
        notices: [
          ...notices.filter(({ text }) => text !== notice.text).slice(1 - MAX_NOTICES),
          { ...notice, id: nextId++ },
        ],
      })),
    dismissNotice: (id) => set(({ notices }) => ({ notices: notices.filter((notice) => notice.id !== id) })),
  }
}
