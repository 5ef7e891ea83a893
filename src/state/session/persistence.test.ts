import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import { EMPTY_SESSION } from '../../core/session/session'
import { formatSessionFile } from '../../core/session/sessionFile'
import { INFO } from '../explore/explorerFixture'
import { createAppStore } from '../store'
import { connectPermalink, fragmentOf } from './permalinkSync'
import { connectPersistence, type PersistenceOptions } from './persistence'

function createStorage(entries: Record<string, string> = {}) {
  const map = new Map(Object.entries(entries))
  return {
    map,
    getItem: (key: string) => map.get(key) ?? null,
    setItem: (key: string, value: string) => {
      map.set(key, value)
    },
    removeItem: (key: string) => {
      map.delete(key)
    },
  }
}

type TestStorage = ReturnType<typeof createStorage>

/** Opens a page in a tab; storage that is not shared is the tab's own. */
function visit(shared: TestStorage, tab = createStorage(), fragment = '', options = {}) {
  const store = createAppStore()
  const address = { fragment }
  const persistence = connectPersistence(store, {
    storage: () => shared,
    tabStorage: () => tab,
    fragment: () => address.fragment,
    ...options,
  } satisfies PersistenceOptions)
  const act = () => store.getState()
  return { store, persistence, tab, address, act, session: () => act().session }
}

const rest = () => vi.advanceTimersByTime(500)

const session = { ...EMPTY_SESSION, text: 'kept', position: 1 }
const link = { ...EMPTY_SESSION, text: 'from a link' }

beforeEach(() => {
  vi.useFakeTimers()
})
afterEach(() => vi.useRealTimers())

describe('the session of the last visit', () => {
  it('is written after a pause and opened in a new tab', () => {
    const shared = createStorage()
    const first = visit(shared)
    first.act().replaceSession(session)
    expect(shared.map.size).toBe(0)
    rest()
    const second = visit(shared)
    expect(second.persistence.restored).toBe(true)
    expect(second.session()).toEqual(session)
    expect(second.act().history.past).toEqual([])
  })

  it('is written at once when the page is left', () => {
    const shared = createStorage()
    const { act, persistence } = visit(shared)
    act().replaceSession(session)
    persistence.flush()
    expect(shared.map.size).toBe(1)
  })

  it('stays where a link was opened, until that is edited', () => {
    const shared = createStorage({ 'ripplescope-session': formatSessionFile(session) })
    const { act, persistence } = visit(shared, createStorage(), '#v1.link')
    expect(persistence.restored).toBe(false)
    expect(act().session).toEqual(EMPTY_SESSION)
    act().replaceSession(link, { undoable: false })
    rest()
    expect(visit(shared).session()).toEqual(session)
    act().editText('from a link, and mine')
    rest()
    expect(visit(shared).session().text).toBe('from a link, and mine')
  })

  it('is put aside with a notice where it is damaged', () => {
    const damaged = '{"format":"ripplescope-ses'
    const shared = createStorage({ 'ripplescope-session': damaged })
    const { act } = visit(shared)
    expect(act().session).toEqual(EMPTY_SESSION)
    expect(act().notices).toMatchObject([{ tone: 'problem' }])
    expect([...shared.map]).toEqual([['ripplescope-session-unread', damaged]])
  })

  it('written by a newer version is neither read nor written over', () => {
    const newer = formatSessionFile(session).replace('"version": 2', '"version": 3')
    const shared = createStorage({ 'ripplescope-session': newer })
    const { act, tab } = visit(shared)
    expect(act().session).toEqual(EMPTY_SESSION)
    expect(act().notices.map(({ text }) => text)).toEqual([expect.stringContaining('a newer version')])
    act().editText('of this visit')
    rest()
    expect([...shared.map]).toEqual([['ripplescope-session', newer]])
    expect(visit(shared, tab).session().text).toBe('of this visit')
  })

  it('is not written over by a page that was open before the newer one', () => {
    const shared = createStorage()
    const { act } = visit(shared)
    act().editText('one')
    rest()
    const newer = (shared.getItem('ripplescope-session') ?? '').replace('"version": 2', '"version": 3')
    shared.setItem('ripplescope-session', newer)
    act().editText('two')
    rest()
    expect(shared.getItem('ripplescope-session')).toBe(newer)
    expect(act().notices).toHaveLength(1)
  })

  it('reads what the first version wrote', () => {
    // Written by `formatSessionFile` before there were runs, views and comparisons.
    const first = `{
  "format": "ripplescope-session",
  "version": 1,
  "text": "a truly wonderful film",
  "model": {
    "id": "tiny",
    "sha256": "${INFO.provenance.sha256}"
  },
  "view": "explore",
  "norm": "l1",
  "filters": {
    "special": true,
    "unused": true,
    "otherKind": false,
    "variants": true
  },
  "held": [
    {
      "position": 1,
      "tokenId": 5
    }
  ],
  "position": 3,
  "tokenId": null,
  "pins": [
    {
      "text": "a film",
      "substitutions": [
        {
          "position": 2,
          "tokenId": 9
        }
      ],
      "color": 4
    }
  ]
}
`
    const { session: opened, act, persistence } = visit(createStorage({ 'ripplescope-session': first }))
    expect(persistence.restored).toBe(true)
    expect(act().notices).toEqual([])
    expect(opened()).toEqual({
      ...EMPTY_SESSION,
      text: 'a truly wonderful film',
      norm: 'l1',
      filters: { special: true, unused: true, otherKind: false, variants: true },
      held: [{ position: 1, tokenId: 5 }],
      position: 3,
      pins: [{ text: 'a film', substitutions: [{ position: 2, tokenId: 9 }], color: 4 }],
    })
  })
})

describe('a tab', () => {
  it('comes back with its undo history', () => {
    const shared = createStorage()
    const { act, tab } = visit(shared)
    act().replaceSession(session)
    act().setNorm('l1')
    act().undo()
    act().editText('typed and not yet committed')
    rest()
    const again = visit(shared, tab)
    expect(again.persistence.restored).toBe(true)
    expect(again.session().text).toBe('typed and not yet committed')
    again.act().undo()
    expect(again.session()).toEqual(session)
    again.act().undo()
    expect(again.session()).toEqual(EMPTY_SESSION)
    again.act().redo()
    expect(again.session()).toEqual(session)
  })

  it('has its own session beside another tab, and the one edited last opens in a third', () => {
    const shared = createStorage()
    const one = visit(shared)
    one.act().editText('of the first tab')
    rest()
    const two = visit(shared)
    expect(two.session().text).toBe('of the first tab')
    one.act().editText('of the first tab, later')
    rest()
    // Opening its model is not an edit, and takes nothing from the first tab.
    two.store.setState(({ session }) => ({ session: { ...session, model: { id: 'tiny', sha256: '' } } }))
    rest()
    expect(visit(shared).session().text).toBe('of the first tab, later')
    two.act().editText('of the second tab')
    rest()
    expect(visit(shared).session().text).toBe('of the second tab')
    const again = visit(shared, one.tab)
    expect(again.session().text).toBe('of the first tab, later')
    again.store.setState(({ session }) => ({ session: { ...session, model: { id: 'tiny', sha256: '' } } }))
    rest()
    expect(visit(shared).session().text).toBe('of the second tab')
    expect(visit(shared, two.tab).session().text).toBe('of the second tab')
  })

  it('goes before its own address, and after another link', () => {
    const shared = createStorage()
    const { act, tab, address } = visit(shared)
    act().replaceSession(session)
    address.fragment = fragmentOf(session)
    rest()
    const reloaded = visit(shared, tab, fragmentOf(session))
    expect(reloaded.persistence.restored).toBe(true)
    reloaded.act().undo()
    expect(reloaded.session()).toEqual(EMPTY_SESSION)
    expect(visit(shared, tab, fragmentOf(link)).persistence.restored).toBe(false)
    // Its address was written before the model's name was known, and the tab's record after.
    reloaded.act().redo()
    reloaded.store.setState({ session: { ...session, model: { id: 'tiny', sha256: '' } } })
    reloaded.address.fragment = fragmentOf(link)
    rest()
    expect(visit(shared, tab, fragmentOf(session)).persistence.restored).toBe(true)
  })

  it('goes before an address that a reload brings back a step behind', () => {
    const shared = createStorage()
    const { act, tab, address } = visit(shared)
    const newer = { ...session, norm: 'linf' } as const
    act().replaceSession(newer)
    // The page being left writes the address first; the browser loads the former one.
    address.fragment = fragmentOf(newer)
    rest()
    const behind = fragmentOf(session)
    expect(visit(shared, tab, behind).persistence.restored).toBe(false)
    const reloaded = visit(shared, tab, behind, { reloaded: true })
    expect(reloaded.persistence.restored).toBe(true)
    expect(reloaded.session()).toEqual(newer)
  })

  it('that crashed before its address was written has the newer session, and then the address', () => {
    const shared = createStorage()
    const { act, tab, address } = visit(shared)
    address.fragment = fragmentOf(session)
    act().replaceSession(session)
    act().setNorm('linf')
    rest()
    const { store, persistence } = visit(shared, tab, fragmentOf(session))
    expect(store.getState().session.norm).toBe('linf')
    const history = { state: { step: 4 }, pushState: vi.fn(), replaceState: vi.fn(), go: vi.fn() }
    const location = { hash: fragmentOf(session), pathname: '/', search: '' }
    const listen = () => undefined
    const window = { location, history, addEventListener: listen, removeEventListener: listen }
    connectPermalink(store, { window, restored: persistence.restored })
    vi.advanceTimersByTime(3000)
    const written = fragmentOf({ ...session, norm: 'linf' })
    expect(history.pushState).toHaveBeenCalledExactlyOnceWith({ step: 5 }, '', written)
    expect(store.getState().session.norm).toBe('linf')
  })

  it('keeps pins and history of a model that has to be opened again', () => {
    const shared = createStorage()
    const { act, tab, store } = visit(shared)
    const pins = [{ text: 'kept', substitutions: [{ position: 1, tokenId: 9 }], color: 0 }]
    const info = { ...INFO, id: 'owner/name' }
    store.setState(({ model }) => ({ model: { ...model, info, status: 'ready' } }))
    const model = { id: 'owner/name', sha256: INFO.provenance.sha256 }
    act().replaceSession({ ...session, model })
    act().replaceSession({ ...session, model, pins })
    rest()
    let again = visit(shared, tab)
    // One more reload while waiting changes nothing.
    for (let reload = 0; reload < 2; reload++) {
      expect(again.session()).toMatchObject({ text: 'kept', pins: [] })
      expect(again.act().model.offer?.session.pins).toEqual(pins)
      expect(again.act().model.offer?.history?.past).toHaveLength(2)
      again.store.setState((state) => ({
        session: { ...state.session, model: { id: 'built-in', sha256: '' } },
      }))
      rest()
      again = visit(shared, tab)
    }
    expect(visit(shared).act().model.offer?.session.pins).toEqual(pins)
  })
})

describe('storage', () => {
  it('that is denied is told once, and the page goes on', () => {
    const denied = () => {
      throw new DOMException('denied', 'SecurityError')
    }
    const options = { storage: denied, tabStorage: denied }
    const { act } = visit(createStorage(), createStorage(), '', options)
    act().replaceSession(session)
    rest()
    act().setNorm('l1')
    rest()
    expect(act().session.norm).toBe('l1')
    expect(act().notices).toMatchObject([{ text: expect.stringContaining('storage is denied') }])
  })

  it('that is full is told once, and again after it was not', () => {
    const shared = createStorage()
    const { setItem } = shared
    const full = () => {
      throw new DOMException('full', 'QuotaExceededError')
    }
    shared.setItem = full
    const { act } = visit(shared)
    expect(act().notices).toHaveLength(0)
    act().replaceSession(session)
    rest()
    act().setNorm('l1')
    rest()
    expect(act().notices).toMatchObject([{ text: expect.stringContaining('is full') }])
    act().dismissNotice(act().notices[0].id)
    shared.setItem = setItem
    act().setNorm('l2')
    rest()
    expect(visit(shared).session()).toEqual(session)
    shared.setItem = full
    act().setNorm('l1')
    rest()
    expect(act().notices).toHaveLength(1)
  })

  it('of a tab that has room for the session but not for its history keeps the session', () => {
    const tab = createStorage()
    const { setItem } = tab
    tab.setItem = (key, value) => {
      if (value.length > 2000) throw new DOMException('full', 'QuotaExceededError')
      setItem(key, value)
    }
    const { act } = visit(createStorage(), tab)
    for (let step = 0; step < 9; step++) act().exploreText(`${step} `.repeat(200), null)
    act().exploreText('the last', null)
    rest()
    expect(act().notices).toEqual([])
    expect(visit(createStorage(), tab).session().text).toBe('the last')
  })

  it('keeps the choice of device', () => {
    const shared = createStorage()
    visit(shared).act().setDevicePreference('wasm')
    expect(visit(shared).act().model.devicePreference).toBe('wasm')
  })
})
