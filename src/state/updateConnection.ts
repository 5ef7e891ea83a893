import type { OfflineState } from './results'
import type { AppStore } from './storeTypes'

export interface UpdateServices {
  /**
   * Saves the page for use without a network; rejects if the browser does not allow it.
   *
   * @param onWaiting called when a new version is ready
   */
  keep(onWaiting: () => void): Promise<void>
  /** Takes the new version and reloads the page, unless `otherPages` (returned) still run the present one. */
  takeOver(): Promise<number>
}

/** Saves the page, offers new versions and takes one when the user says so, never before. */
export async function connectUpdate(store: AppStore, services: UpdateServices): Promise<void> {
  const write = (changes: Partial<OfflineState>) =>
    store.setState(({ offline }) => ({ offline: { ...offline, ...changes } }))

  async function takeOver(): Promise<void> {
    let otherPages = 0
    try {
      otherPages = await services.takeOver()
    } catch {
      write({ update: 'offered' })
      return
    }
    if (otherPages > 0) write({ update: 'offered', otherPages })
  }

  store.subscribe(({ offline }, { offline: former }) => {
    if (offline.update === 'wanted' && former.update !== 'wanted') void takeOver()
  })
  try {
    await services.keep(() => write({ update: 'offered' }))
    write({ kept: 'kept' })
  } catch {
    write({ kept: 'unavailable' })
  }
}
