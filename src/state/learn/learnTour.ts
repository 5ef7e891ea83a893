const KEY = 'ripplescope-tour'

export interface TourMemory {
  /**
   * Says whether the tour was never left; false if the browser saves nothing, for then it would start at every visit.
   */
  due(): boolean
  leave(): void
}

/** Remembers that the tour was left. @param storage may itself throw if the browser denies it */
export function tourMemory(storage: () => Pick<Storage, 'getItem' | 'setItem'>): TourMemory {
  return {
    due: () => {
      try {
        return storage().getItem(KEY) === null
      } catch {
        return false
      }
    },
    leave: () => {
      try {
        storage().setItem(KEY, 'left')
      } catch {
        // Storage denied or full: the tour is left for this visit only.
      }
    },
  }
}
