import { originOf } from '../../core/modelSource'
import { decodePermalink } from '../../core/session/permalink'
import type { Session } from '../../core/session/session'
import { formatSessionFile, isOfNewerVersion, parseSessionFile } from '../../core/session/sessionFile'
import type { AppState } from '../appState'
import type { DevicePreference } from '../model/modelSlot'
import type { AppStore } from '../storeTypes'
import { commitTyping, NO_HISTORY } from './history'
import { formatKeptTab, type KeptTab, parseKeptTab } from './keptTab'
import { fragmentOf } from './permalinkSync'
import { awaitsOffer } from './sessionModel'

const SESSION_KEY = 'ripplescope-session'
/** Key of a session that this version cannot read. */
const UNREAD_KEY = 'ripplescope-session-unread'
const TAB_KEY = 'ripplescope-tab'
const DEVICE_KEY = 'ripplescope-device'

type KeptStorage = Pick<Storage, 'getItem' | 'setItem' | 'removeItem'>

export interface PersistenceOptions {
  /** Returns the storage that all tabs share. May itself throw if the browser denies storage. */
  readonly storage: () => KeptStorage
  /** Returns the storage of this tab alone, which survives reloads; may throw too. */
  readonly tabStorage: () => KeptStorage
  /** Returns the fragment of the address, with its `#`. */
  readonly fragment: () => string
  /** True if the tab was reloaded: its address may be one step old, but is no other link. */
  readonly reloaded?: boolean
  /** Pause after a change before it is written, ms. */
  readonly pause?: number
}

export interface Persistence {
  /** True if a former session was opened; a link in the address is then its own, or older. */
  readonly restored: boolean
  /** Writes what is waiting: the page is being left. */
  flush(): void
  disconnect(): void
}

const DENIED =
  'This browser keeps nothing for this page (storage is denied). All works, but a reload forgets the session: share it as a link or a file.'
const FULL =
  'The space that this browser grants the page is full, or the text is too long for it. All works, but a reload brings back what was kept before: share the session as a link or a file.'
const NEWER =
  'What is kept from your last visit was written by a newer version of Ripplescope. It is left as it is, and this visit lasts as long as its tab: reload the page to get the newest version.'
const UNREAD =
  'The session kept from your last visit could not be read, and was set aside; the page starts afresh.'

const isPreference = (value: string | null): value is DevicePreference =>
  value === 'auto' || value === 'wasm' || value === 'webgpu'

/** Says whether storage is full: Chromium, WebKit and Firefox use this name, older Firefox the other. */
const isFull = (thrown: unknown) =>
  thrown instanceof DOMException && /^(NS_ERROR_DOM_)?QUOTA_?(EXCEEDED|REACHED)/i.test(thrown.name)

/** Returns the session to save: one that still waits for its model is saved whole. */
function sessionToKeep({ session, model: { offer } }: AppState): Session {
  return offer && awaitsOffer(session, offer) ? offer.session : session
}

function historyToKeep({ session, history, model: { offer } }: AppState): KeptTab['history'] {
  if (offer && awaitsOffer(session, offer)) return offer.history ?? NO_HISTORY
  return commitTyping({ session, history }).history
}

const wasEdited = ({ past, future, typingFrom }: AppState['history']) =>
  past.length > 0 || future.length > 0 || typingFrom !== null

/** Says whether more than the model's name differs, which is filled in when the model opens, without an edit. */
const differsBeyondName = (session: Session, former: Session) =>
  Object.entries(session).some(([key, value]) => {
    const before = former[key as keyof Session]
    return value !== before && (key !== 'model' || former.model.id !== '')
  })

/** Says whether a link leads to this session, with or without its model's name. */
function leadsTo(session: Session, fragment: string): boolean {
  const linked = decodePermalink(fragment)
  return linked.ok && fragmentOf({ ...session, model: linked.session.model }) === fragment
}

/**
 * Saves the session, its undo history and the choice of device.
 *
 * Each tab has its own session and history, which it restores after a reload or a crash. A new tab begins with the
 * session that was edited last in any tab; one that was opened from a link counts once it is edited. It is saved as a
 * session file, which has a version and a schema: an older one is read, a newer one is neither read nor overwritten. If
 * storage is denied or full, the page says so once and continues in memory.
 */
export function connectPersistence(store: AppStore, options: PersistenceOptions): Persistence {
  const { storage, tabStorage, fragment, reloaded = false, pause = 400 } = options
  let timer: ReturnType<typeof setTimeout> | null = null
  const told = new Set<string>()
  let linked = fragment().length > 1
  let own = false
  let edited = false

  const tellOnce = (text: string, tone: 'info' | 'problem' = 'info') => {
    if (told.has(text)) return
    told.add(text)
    store.getState().notify({ tone, text })
  }

  const attempt = <T>(which: () => KeptStorage, work: (storage: KeptStorage) => T): T | null => {
    try {
      return work(which())
    } catch (thrown) {
      tellOnce(isFull(thrown) ? FULL : DENIED)
      return null
    }
  }

  const keepTab = () =>
    attempt(tabStorage, (mine) => {
      const state = store.getState()
      const tab = { session: sessionToKeep(state), fragment: fragment(), own }
      try {
        mine.setItem(TAB_KEY, formatKeptTab({ ...tab, history: historyToKeep(state) }))
      } catch (thrown) {
        if (!isFull(thrown)) throw thrown
        mine.setItem(TAB_KEY, formatKeptTab({ ...tab, history: NO_HISTORY }))
      }
    })

  const keepForNextVisit = () =>
    attempt(storage, (shared) => {
      if (isOfNewerVersion(shared.getItem(SESSION_KEY) ?? '')) tellOnce(NEWER)
      else {
        shared.setItem(SESSION_KEY, formatSessionFile(sessionToKeep(store.getState())))
        edited = false
        told.delete(FULL)
      }
    })

  const flush = () => {
    if (timer === null) return
    clearTimeout(timer)
    timer = null
    keepTab()
    if (edited) keepForNextVisit()
  }

  const open = (kept: Session, history: KeptTab['history']) => {
    // Positions and tokens of a model from elsewhere are valid only for it; the page's own model may be another one
    // after an update.
    const { model } = originOf(kept.model.id) === 'hosted' ? store.getState().session : kept
    store.getState().replaceSession({ ...kept, model }, { undoable: false })
    const steps = { ...history, typingFrom: null }
    store.setState((state) =>
      state.model.offer
        ? { model: { ...state.model, offer: { ...state.model.offer, history: steps } } }
        : { history: steps },
    )
  }

  const isOwnAddress = ({ session, fragment: kept }: KeptTab) =>
    reloaded || fragment().length <= 1 || fragment() === kept || leadsTo(session, fragment())

  /**
   * Restores the session of this tab, if its address still belongs to it: a link that was opened in it since goes
   * first.
   */
  const restoreTab = () => {
    const kept = attempt(tabStorage, (mine) => mine.getItem(TAB_KEY))
    const tab = kept === null ? null : parseKeptTab(kept)
    if (!tab || !isOwnAddress(tab)) return false
    own = tab.own
    linked = !own && linked
    open(tab.session, tab.history)
    return true
  }

  const restoreLastVisit = () => {
    const kept = attempt(storage, (shared) => shared.getItem(SESSION_KEY))
    if (kept === null) return false
    if (isOfNewerVersion(kept)) {
      tellOnce(NEWER)
      return false
    }
    const result = parseSessionFile(kept)
    if (!result.ok) {
      attempt(storage, (shared) => {
        shared.setItem(UNREAD_KEY, kept)
        shared.removeItem(SESSION_KEY)
      })
      tellOnce(UNREAD, 'problem')
      return false
    }
    open(result.session, NO_HISTORY)
    return true
  }

  const preference = attempt(storage, (shared) => shared.getItem(DEVICE_KEY))
  if (isPreference(preference)) store.getState().setDevicePreference(preference)
  const restored = restoreTab() || (fragment().length <= 1 && restoreLastVisit())

  const unsubscribe = store.subscribe((state, former) => {
    const { devicePreference } = state.model
    if (devicePreference !== former.model.devicePreference) {
      attempt(storage, (shared) => shared.setItem(DEVICE_KEY, devicePreference))
    }
    if (state.session !== former.session || state.history !== former.history) {
      const isOwn = own || !linked || wasEdited(state.history)
      if (isOwn && differsBeyondName(state.session, former.session)) {
        own = true
        edited = true
      }
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
