import { originOf } from '../core/modelSource'
import { formatSessionFile, parseSessionFile } from '../core/sessionFile'
import type { DevicePreference } from './appState'
import type { AppStore } from './storeTypes'

const SESSION_KEY = 'ripplescope-session'
const DEVICE_KEY = 'ripplescope-device'

export interface PersistenceOptions {
  /** May itself throw where the browser denies storage. */
  readonly storage: () => Pick<Storage, 'getItem' | 'setItem' | 'removeItem'>
  /** Whether the last session is opened; not where a link was. */
  readonly restore: boolean
  /** Pause after a change before it is written, ms. */
  readonly pause?: number
}

export interface Persistence {
  /** Whether a former session was opened. */
  readonly restored: boolean
  /** Writes what is waiting: the page is being left. */
  flush(): void
  disconnect(): void
}

const isPreference = (value: string | null): value is DevicePreference =>
  value === 'auto' || value === 'wasm' || value === 'webgpu'

/**
 * Keeps the session and the choice of device for the next visit. The session is kept in the form of a session file, which
 * has a version and a schema. Where storage is denied or full the page says so once and goes on in memory.
 */
export function connectPersistence(store: AppStore, options: PersistenceOptions): Persistence {
  const { restore, pause = 400 } = options
  let timer: ReturnType<typeof setTimeout> | null = null
  let refused = false

  const attempt = <T>(work: (storage: ReturnType<PersistenceOptions['storage']>) => T): T | null => {
    try {
      const result = work(options.storage())
      refused = false
      return result
    } catch {
      if (!refused) {
        store.getState().notify({
          tone: 'info',
          text: 'This browser keeps nothing for this page (storage is denied or full). All works, but a reload forgets the session: share it as a link or a file.',
        })
      }
      refused = true
      return null
    }
  }

  const flush = () => {
    if (timer === null) return
    clearTimeout(timer)
    timer = null
    attempt((storage) => storage.setItem(SESSION_KEY, formatSessionFile(store.getState().session)))
  }

  const restoreSession = () => {
    const kept = attempt((storage) => storage.getItem(SESSION_KEY))
    if (kept === null) return false
    const result = parseSessionFile(kept)
    if (!result.ok) {
      attempt((storage) => storage.removeItem(SESSION_KEY))
      store.getState().notify({
        tone: 'problem',
        text: 'The session kept from your last visit could not be read; the page begins anew.',
      })
      return false
    }
    // Positions and tokens of a model from elsewhere hold only for it; the page's own is another one after an update.
    const { model } =
      originOf(result.session.model.id) === 'hosted' ? store.getState().session : result.session
    store.getState().replaceSession({ ...result.session, model }, { undoable: false })
    return true
  }

  const preference = attempt((storage) => storage.getItem(DEVICE_KEY))
  if (isPreference(preference)) store.getState().setDevicePreference(preference)
  const restored = restore && restoreSession()

  const unsubscribe = store.subscribe((state, former) => {
    const { devicePreference } = state.model
    if (devicePreference !== former.model.devicePreference) {
      attempt((storage) => storage.setItem(DEVICE_KEY, devicePreference))
    }
    if (state.session !== former.session) {
      if (timer !== null) clearTimeout(timer)
      timer = setTimeout(flush, pause)
    }
  })
  return {
    restored,
    flush,
    disconnect: () => {
      flush()
      unsubscribe()
    },
  }
}
