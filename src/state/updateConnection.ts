import type { OfflineState } from './results'
import type { AppStore } from './storeTypes'

export interface UpdateServices {
  /**
   * Keeps the page for use without a network; rejects where the browser does not let it.
   *
   * @param onWaiting a new version is ready
   */
  keep(onWaiting: () => void): Promise<void>
  /** Takes the new version and loads the page again, unless `otherPages` (returned) still run the present one. */
  takeOver(): Promise<number>
}

/** Keeps the page, offers new versions and takes one when the user says so, never before. */
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
