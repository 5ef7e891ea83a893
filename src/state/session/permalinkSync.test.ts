import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import { decodePermalink, encodePermalink } from '../../core/session/permalink'
import { EMPTY_SESSION } from '../../core/session/session'
import { INFO } from '../explore/explorerFixture'
import { failed, loading } from '../resource'
import { OWN, withSide } from '../side/side'
import { createAppStore } from '../store'
import type { AppStore } from '../storeTypes'
import { connectPermalink } from './permalinkSync'

/** Creates a browser's history in memory: entries with state, back and forward. */
function createWindow(hash = '') {
  const entries: { url: string; state: unknown }[] = [{ url: `/${hash}`, state: null }]
  let at = 0
  let listener: ((event: PopStateEvent) => void) | null = null
  const hashOf = (url: string) => (url.includes('#') ? url.slice(url.indexOf('#')) : '')
  const resolve = (url: string) => (url.startsWith('#') ? `/${url}` : url)
  const window = {
    location: {
      get hash() {
        return hashOf(entries[at].url)
      },
      pathname: '/',
      search: '',
    },
    history: {
      get state() {
        return entries[at].state
      },
      go: (by = 0) => {
        at += by
        listener?.({ state: entries[at].state } as PopStateEvent)
      },
      pushState: (state: unknown, _: string, url?: string | URL | null) => {
        entries.splice(++at, entries.length, { url: resolve(String(url)), state: structuredClone(state) })
      },
      replaceState: (state: unknown, _: string, url?: string | URL | null) => {
        entries[at] = { url: resolve(String(url)), state: structuredClone(state) }
      },
    },
    addEventListener: (_: 'popstate', wanted: (event: PopStateEvent) => void) => {
      listener = wanted
    },
    removeEventListener: () => {
      listener = null
    },
    entries,
    go: (by: number) => window.history.go(by),
    visit: (fragment: string) => {
      entries.splice(++at, entries.length, { url: `/${fragment}`, state: null })
      listener?.({ state: null } as PopStateEvent)
    },
  }
  return window
}

/** Lets a short rest pass: without measurements, a step's entry is written after it. */
const rest = () => vi.advanceTimersByTime(200)

let store: AppStore
const act = () => store.getState()
const linked = (window: ReturnType<typeof createWindow>) => {
  const result = decodePermalink(window.location.hash)
  return result.ok ? result.session : null
}

beforeEach(() => {
  vi.useFakeTimers()
  store = createAppStore()
})
afterEach(() => vi.useRealTimers())

describe('the address', () => {
  it('gets an entry for a step, and one for a run of typing', () => {
    const window = createWindow()
    expect(connectPermalink(store, { window }).opened).toBe(false)
    act().openExample('slow-first-hour')
    act().selectPosition(5)
    rest()
    expect(window.entries).toHaveLength(2)
    for (const text of ['x', 'xy', 'xyz']) {
      act().editText(text)
      vi.advanceTimersByTime(100)
    }
    vi.advanceTimersByTime(500)
    act().commitText()
    rest()
    expect(window.entries).toHaveLength(3)
    expect(linked(window)).toEqual(act().session)
    act().setNorm('l1')
    rest()
    expect(window.entries).toHaveLength(4)
  })

  it('has the last of the typing once it is committed, and at once when the page is left', () => {
    const window = createWindow()
    const { flush } = connectPermalink(store, { window })
    act().openExample('slow-first-hour')
    act().editText('x')
    act().editText('xyz')
    act().commitText()
    flush()
    expect(linked(window)?.text).toBe('xyz')
    expect(window.entries).toHaveLength(2)
  })

  it('leads back and forward through the steps without making new ones', () => {
    const window = createWindow()
    connectPermalink(store, { window })
    act().openExample('slow-first-hour')
    act().selectPosition(5)
    act().chooseSubstitute(1000)
    rest()
    window.go(-1)
    expect(act().session).toMatchObject({ position: 5, tokenId: null })
    window.go(-1)
    expect(act().session.position).toBe(20)
    window.go(2)
    expect(act().session.tokenId).toBe(1000)
    expect(window.entries).toHaveLength(3)
  })

  it('waits while a step is measured, but not for ever', () => {
    const window = createWindow()
    connectPermalink(store, { window })
    act().openExample('slow-first-hour')
    rest()
    store.setState(({ model }) => ({ model: { ...model, status: 'ready', info: INFO } }))
    act().selectPosition(5)
    vi.advanceTimersByTime(1000)
    expect(linked(window)?.position).toBe(20)
    store.setState((state) =>
      withSide(state, OWN, { measurement: failed({ kind: 'internal', message: 'no' }) }),
    )
    rest()
    expect(linked(window)?.position).toBe(5)
    store.setState((state) => withSide(state, OWN, { measurement: loading() }))
    act().selectPosition(7)
    vi.advanceTimersByTime(5000)
    expect(linked(window)?.position).toBe(7)
    expect(window.entries).toHaveLength(3)
  })

  it('goes back from a step that has no entry yet to the one before it', () => {
    const window = createWindow()
    connectPermalink(store, { window })
    act().openExample('slow-first-hour')
    rest()
    act().selectPosition(5)
    rest()
    act().selectPosition(7)
    window.go(-1)
    expect(act().session.position).toBe(5)
    expect(linked(window)?.position).toBe(5)
    window.go(-1)
    expect(act().session.position).toBe(20)
  })

  it('leads back to what the page began with where a link was followed before it had an entry', () => {
    const window = createWindow()
    act().replaceSession({ ...EMPTY_SESSION, text: 'first' }, { undoable: false })
    connectPermalink(store, { window })
    window.visit(encodePermalink({ ...EMPTY_SESSION, text: 'linked' }))
    expect(act().session.text).toBe('linked')
    act().setNorm('l1')
    rest()
    expect(window.entries).toHaveLength(3)
    window.go(-1)
    expect(act().session).toMatchObject({ text: 'linked', norm: 'l2' })
    window.go(-1)
    expect(act().session.text).toBe('first')
    window.go(2)
    expect(act().session).toMatchObject({ text: 'linked', norm: 'l1' })
  })

  it('gets no entry when the model fills in its name', () => {
    const window = createWindow()
    connectPermalink(store, { window })
    act().openExample('slow-first-hour')
    rest()
    const { length } = window.entries
    store.setState(({ session }) => ({
      session: { ...session, model: { id: 'tiny', sha256: 'a'.repeat(64) } },
    }))
    rest()
    expect(window.entries).toHaveLength(length)
    expect(linked(window)?.model.id).toBe('tiny')
  })

  it('is left without a fragment for a session too long for a link, and going back loses nothing', () => {
    const window = createWindow()
    connectPermalink(store, { window })
    const text = Array.from({ length: 6000 }, (_, i) => `${(i * 7919) % 10007}`).join(' ')
    act().replaceSession({ ...EMPTY_SESSION, text })
    rest()
    expect(window.location.hash).toBe('')
    act().openExample('slow-first-hour')
    rest()
    window.go(-1)
    expect(act().session.text).toBe(text)
  })

  it('goes on where the browser refuses an entry', () => {
    const window = createWindow()
    connectPermalink(store, { window })
    window.history.pushState = () => {
      throw new DOMException('too many', 'SecurityError')
    }
    act().openExample('slow-first-hour')
    rest()
    act().selectPosition(5)
    expect(rest).not.toThrow()
    expect(act().session.position).toBe(5)
  })
})

describe('a link', () => {
  const session = { ...EMPTY_SESSION, text: 'It was <b>good</b>', position: 2 }

  it('opens its session, and not as a step of undo', () => {
    const { opened } = connectPermalink(store, { window: createWindow(encodePermalink(session)) })
    expect(opened).toBe(true)
    expect(act().session).toEqual(session)
    expect(act().history.past).toEqual([])
    expect(act().notices).toEqual([])
  })

  it('that is damaged leaves the default state and says so', () => {
    const window = createWindow(encodePermalink(session).slice(0, -4))
    expect(connectPermalink(store, { window }).opened).toBe(false)
    expect(act().session).toEqual(EMPTY_SESSION)
    expect(act().notices).toMatchObject([{ tone: 'problem', failure: { kind: 'invalid-link' } }])
  })

  it('pasted over the present address keeps the present session for undo, and a damaged one keeps it in place', () => {
    const window = createWindow()
    connectPermalink(store, { window })
    act().openExample('slow-first-hour')
    window.visit(encodePermalink(session))
    expect(act().session).toEqual(session)
    window.visit('#v1.damaged')
    expect(act().session).toEqual(session)
    expect(act().notices).toHaveLength(1)
    act().undo()
    expect(act().session.position).toBe(20)
  })

  it('of another model opens with a notice', () => {
    store.setState(({ model }) => ({ model: { ...model, info: INFO } }))
    const other = { ...session, model: { id: 'other', sha256: 'c'.repeat(64) } }
    connectPermalink(store, { window: createWindow(encodePermalink(other)) })
    expect(act().session).toMatchObject({ text: session.text, model: { id: 'tiny' } })
    expect(act().notices[0].text).toMatch(/another model, other/)
  })
})
