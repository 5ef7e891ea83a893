const KEY = 'ripplescope-tour'

export interface TourMemory {
  /** Whether it was never left; false where the browser keeps nothing, for then it would come at every visit. */
  due(): boolean
  leave(): void
}

/** @param storage may itself throw where the browser denies it */
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
        // Storage denied or full: it is left for this visit.
      }
    },
  }
}
