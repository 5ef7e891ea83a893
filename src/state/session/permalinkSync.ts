import { decodePermalink, encodePermalink, MAX_LINK_CHARACTERS } from '../../core/session/permalink'
import { charactersOf, type Session } from '../../core/session/session'
import { checkSession, type SessionResult } from '../../core/session/sessionSchema'
import { isMeasuring } from '../explore/comparisonSelectors'
import type { AppStore } from '../storeTypes'

/** Holds the parts of `window` that hold an address. */
export interface AddressWindow {
  readonly location: { readonly hash: string; readonly pathname: string; readonly search: string }
  readonly history: Pick<History, 'pushState' | 'replaceState' | 'go' | 'state'>
  addEventListener(type: 'popstate', listener: (event: PopStateEvent) => void): void
  removeEventListener(type: 'popstate', listener: (event: PopStateEvent) => void): void
}

export interface PermalinkOptions {
  readonly window: AddressWindow
  /** True if the store holds this tab's session: the address is its own, or older if the tab crashed. */
  readonly restored?: boolean
  /** Pause in typing after which the address is updated, ms. */
  readonly typingPause?: number
  /** Pause after a step's measurement before its address is written, ms. */
  readonly restPause?: number
}

export interface PermalinkSync {
  /** True if the page was opened by a link that could be read. */
  readonly opened: boolean
  /** Writes an address that waits for its measurement now: the page is being left. */
  flush(): void
  disconnect(): void
}

/** Longest text that is compressed for a link: a longer one never fits, and each try takes time. */
const MAX_TRIED_CHARACTERS = 50_000
/** Longest time that the address waits for a measurement, ms. */
const LONGEST_WAIT = 2000
/** Longest text for an entry of the browser's history. */
const MAX_KEPT_CHARACTERS = 1_000_000

/** Returns the fragment of a session; empty if it would be too long for a link. */
export function fragmentOf(session: Session): string {
  if (charactersOf(session) > MAX_TRIED_CHARACTERS) return ''
  const fragment = encodePermalink(session)
  return fragment.length > MAX_LINK_CHARACTERS ? '' : fragment
}

/** Holds the state of an entry of the browser's history: its place among ours, and a session too long for a link. */
interface EntryState {
  readonly step: number
  readonly session?: Session
}

function entryStateOf(value: unknown): Partial<EntryState> {
  return typeof value === 'object' && value !== null ? value : {}
}

/**
 * Synchronises the address with the session, and the session with back and forward: a step is an entry of the browser's
 * history, a run of typing is one. A session too long for a link is saved in the entry itself, so that back and forward
 * lose nothing; the address is then left without a fragment.
 *
 * A step's entry is written when its measurement has come: the browser's own work for an entry takes a core that the
 * forward needs (docs/performance-notes.md).
 */
export function connectPermalink(store: AppStore, options: PermalinkOptions): PermalinkSync {
  const { window, restored = false, typingPause = 300, restPause = 150 } = options
  // The first session of the page uses the entry at which it was opened.
  let untouched = true
  /** First session, if a link was followed before its entry was written. */
  let began: Session | null = null
  let applying = false
  let typing = false
  let pause: ReturnType<typeof setTimeout> | null = null
  let unwritten: { readonly how: 'pushState' | 'replaceState'; readonly session: Session } | null = null
  let settled = false
  let rest: ReturnType<typeof setTimeout> | undefined
  const { step: openedAt } = entryStateOf(window.history.state)
  let step = typeof openedAt === 'number' ? openedAt : 0

  const addressOf = (fragment: string) =>
    fragment === '' ? window.location.pathname + window.location.search : fragment

  const writeEntry = (wanted: 'pushState' | 'replaceState', session: Session) => {
    const how = untouched ? 'replaceState' : wanted
    untouched = false
    const fragment = fragmentOf(session)
    if (how === 'pushState' && fragment !== '' && fragment === window.location.hash) return
    const next = how === 'pushState' ? step + 1 : step
    try {
      const kept = fragment === '' && charactersOf(session) <= MAX_KEPT_CHARACTERS ? { session } : {}
      window.history[how]({ step: next, ...kept } satisfies EntryState, '', addressOf(fragment))
      step = next
    } catch {
      // Browsers refuse entries that come too fast or are too large; the next step writes the address again.
    }
  }

  const flush = () => {
    clearTimeout(rest)
    const waiting = unwritten
    unwritten = null
    if (waiting) writeEntry(waiting.how, waiting.session)
  }

  const write = (how: 'pushState' | 'replaceState') => {
    if (pause !== null) clearTimeout(pause)
    pause = null
    flush()
    writeEntry(how, store.getState().session)
  }

  const writeAtRest = (how: 'pushState' | 'replaceState') => {
    if (pause !== null) clearTimeout(pause)
    pause = null
    flush()
    unwritten = { how, session: store.getState().session }
    settled = false
    rest = setTimeout(flush, LONGEST_WAIT)
  }

  const restIfSettled = () => {
    if (!unwritten || settled || isMeasuring(store.getState())) return
    settled = true
    clearTimeout(rest)
    rest = setTimeout(flush, restPause)
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
    const entry = entryStateOf(event.state)
    const former = step
    if (untouched) began = store.getState().session
    untouched = false
    if (typeof entry.step === 'number') step = entry.step
    const dropped = unwritten
    unwritten = null
    clearTimeout(rest)
    // Back from a step that has no entry yet: the user meant to return to the entry just left.
    if (dropped?.how === 'pushState' && entry.step === former - 1) {
      window.history.go(1)
      return
    }
    if (hash.length > 1) {
      apply(decodePermalink(hash), true)
      return
    }
    if (entry.step === undefined && began) {
      apply({ ok: true, session: began }, true)
      return
    }
    if (entry.session === undefined) return
    apply(
      checkSession(entry.session, 'invalid-link', () => ({
        message: 'This entry of the history is damaged.',
      })),
      true,
    )
  }

  const unsubscribe = store.subscribe((state, former) => {
    const typingEnds = typing && state.history.typingFrom === null
    if (state.session === former.session && !typingEnds) {
      restIfSettled()
      return
    }
    // Filling in the model's own name when it opens is not a step.
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
      const stays = onlyModel || (wasTyping && state.session === former.session)
      writeAtRest(stays ? 'replaceState' : 'pushState')
      restIfSettled()
    }
  })
  window.addEventListener('popstate', follow)

  const isLinked = window.location.hash.length > 1
  const opened = isLinked && !restored && apply(decodePermalink(window.location.hash), false)
  untouched = !opened && !(isLinked && restored)
  if (isLinked && restored && !store.getState().model.offer) {
    if (fragmentOf(store.getState().session) !== window.location.hash) writeAtRest('pushState')
  }
  return {
    opened,
    flush,
    disconnect: () => {
      flush()
      if (pause !== null) clearTimeout(pause)
      unsubscribe()
      window.removeEventListener('popstate', follow)
    },
  }
}
