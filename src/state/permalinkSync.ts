import { decodePermalink, encodePermalink, MAX_LINK_CHARACTERS } from '../core/permalink'
import type { Session } from '../core/session'
import { checkSession, type SessionResult } from '../core/sessionSchema'
import type { AppStore } from './storeTypes'

/** The parts of `window` that hold an address. */
export interface AddressWindow {
  readonly location: { readonly hash: string; readonly pathname: string; readonly search: string }
  readonly history: Pick<History, 'pushState' | 'replaceState'>
  addEventListener(type: 'popstate', listener: (event: PopStateEvent) => void): void
  removeEventListener(type: 'popstate', listener: (event: PopStateEvent) => void): void
}

export interface PermalinkOptions {
  readonly window: AddressWindow
  /** Pause in typing after which the address follows, ms. */
  readonly typingPause?: number
}

export interface PermalinkSync {
  /** Whether the page was opened by a link that could be read. */
  readonly opened: boolean
  disconnect(): void
}

/** A text beyond this compresses to no link, and is not worth trying at every step. */
const MAX_TRIED_CHARACTERS = 50_000
/** A text beyond this is too much for an entry of the browser's history. */
const MAX_KEPT_CHARACTERS = 1_000_000

const charactersOf = ({ text, pins }: Session) =>
  pins.reduce((sum, pin) => sum + pin.text.length, text.length)

/** The fragment of a session; empty where it would be too long for a link. */
export function fragmentOf(session: Session): string {
  if (charactersOf(session) > MAX_TRIED_CHARACTERS) return ''
  const fragment = encodePermalink(session)
  return fragment.length > MAX_LINK_CHARACTERS ? '' : fragment
}

/**
 * Keeps the address in step with the session, and the session with back and forward: a step is an entry of the browser's
 * history, a run of typing is one. A session too long for a link travels in the entry itself, so that back and forward
 * lose nothing; the address is then left without a fragment.
 */
export function connectPermalink(store: AppStore, options: PermalinkOptions): PermalinkSync {
  const { window, typingPause = 300 } = options
  // What the page begins with takes the entry it was opened at.
  let untouched = true
  let applying = false
  let typing = false
  let pause: ReturnType<typeof setTimeout> | null = null

  const addressOf = (fragment: string) =>
    fragment === '' ? window.location.pathname + window.location.search : fragment

  const write = (wanted: 'pushState' | 'replaceState') => {
    if (pause !== null) clearTimeout(pause)
    pause = null
    const { session } = store.getState()
    const how = untouched ? 'replaceState' : wanted
    untouched = false
    const fragment = fragmentOf(session)
    if (how === 'pushState' && fragment !== '' && fragment === window.location.hash) return
    try {
      const state = fragment === '' && charactersOf(session) <= MAX_KEPT_CHARACTERS ? { session } : null
      window.history[how](state, '', addressOf(fragment))
    } catch {
      // Browsers refuse entries that come too fast or are too large; the next step writes the address again.
    }
  }

  const apply = (result: SessionResult, undoable: boolean) => {
    if (!result.ok) {
      store.getState().notify({ tone: 'problem', failure: result.failure, text: result.failure.message })
      return false
    }
    applying = true
    store.getState().replaceSession(result.session, { undoable })
    applying = false
    return true
  }

  const follow = (event: PopStateEvent) => {
    const { hash } = window.location
    if (hash.length > 1) {
      apply(decodePermalink(hash), true)
      return
    }
    const state: unknown = event.state
    if (typeof state !== 'object' || state === null || !('session' in state)) return
    apply(
      checkSession(state.session, 'invalid-link', () => ({
        message: 'This entry of the history is damaged.',
      })),
      true,
    )
  }

  const unsubscribe = store.subscribe((state, former) => {
    const typingEnds = typing && state.history.typingFrom === null
    if (state.session === former.session && !typingEnds) return
    // The model's own name is filled in when it opens: no step.
    const onlyModel =
      state.session !== former.session &&
      Object.entries(state.session).every(
        ([key, value]) => key === 'model' || value === former.session[key as keyof Session],
      )
    const wasTyping = typing
    typing = state.history.typingFrom !== null
    if (applying) return
    if (typing) {
      if (!wasTyping) write('pushState')
      if (pause !== null) clearTimeout(pause)
      pause = setTimeout(() => write('replaceState'), typingPause)
    } else {
      write(onlyModel || (wasTyping && state.session === former.session) ? 'replaceState' : 'pushState')
    }
  })
  window.addEventListener('popstate', follow)

  const opened = window.location.hash.length > 1 && apply(decodePermalink(window.location.hash), false)
  untouched = !opened
  return {
    opened,
    disconnect: () => {
      if (pause !== null) clearTimeout(pause)
      unsubscribe()
      window.removeEventListener('popstate', follow)
    },
  }
}
