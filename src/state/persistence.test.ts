import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import { EMPTY_SESSION } from '../core/session'
import { formatSessionFile } from '../core/sessionFile'
import { connectPersistence } from './persistence'
import { createAppStore } from './store'

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

const session = { ...EMPTY_SESSION, text: 'kept', position: 1 }

beforeEach(() => {
  vi.useFakeTimers()
})
afterEach(() => vi.useRealTimers())

describe('the session of the last visit', () => {
  it('is written after a pause and opened at the next visit', () => {
    const storage = createStorage()
    const first = createAppStore()
    connectPersistence(first, { storage: () => storage, restore: true })
    first.getState().replaceSession(session)
    expect(storage.map.size).toBe(0)
    vi.advanceTimersByTime(500)
    const second = createAppStore()
    expect(connectPersistence(second, { storage: () => storage, restore: true }).restored).toBe(true)
    expect(second.getState().session).toEqual(session)
    expect(second.getState().history.past).toEqual([])
  })

  it('is written at once when the page is left', () => {
    const storage = createStorage()
    const store = createAppStore()
    const persistence = connectPersistence(store, { storage: () => storage, restore: true })
    store.getState().replaceSession(session)
    persistence.flush()
    expect(storage.map.size).toBe(1)
  })

  it('stays where a link was opened', () => {
    const storage = createStorage({ 'ripplescope-session': formatSessionFile(session) })
    const store = createAppStore()
    expect(connectPersistence(store, { storage: () => storage, restore: false }).restored).toBe(false)
    expect(store.getState().session).toEqual(EMPTY_SESSION)
  })

  it('is dropped with a notice where it is damaged', () => {
    const storage = createStorage({ 'ripplescope-session': '{"format":"ripplescope-ses' })
    const store = createAppStore()
    connectPersistence(store, { storage: () => storage, restore: true })
    expect(store.getState().session).toEqual(EMPTY_SESSION)
    expect(store.getState().notices).toHaveLength(1)
    expect(storage.map.size).toBe(0)
  })
})

describe('storage', () => {
  it('that is denied is told once, and the page goes on', () => {
    const store = createAppStore()
    const storage = () => {
      throw new DOMException('denied', 'SecurityError')
    }
    connectPersistence(store, { storage, restore: true })
    store.getState().replaceSession(session)
    vi.advanceTimersByTime(1000)
    store.getState().setNorm('l1')
    vi.advanceTimersByTime(1000)
    expect(store.getState().session.norm).toBe('l1')
    expect(store.getState().notices).toHaveLength(1)
  })

  it('that is full is told when the session could not be kept', () => {
    const store = createAppStore()
    const storage = createStorage()
    storage.setItem = () => {
      throw new DOMException('full', 'QuotaExceededError')
    }
    connectPersistence(store, { storage: () => storage, restore: true })
    expect(store.getState().notices).toHaveLength(0)
    store.getState().replaceSession(session)
    vi.advanceTimersByTime(1000)
    expect(store.getState().notices).toHaveLength(1)
  })

  it('keeps the choice of device', () => {
    const storage = createStorage()
    const first = createAppStore()
    connectPersistence(first, { storage: () => storage, restore: true })
    first.getState().setDevicePreference('wasm')
    const second = createAppStore()
    connectPersistence(second, { storage: () => storage, restore: true })
    expect(second.getState().model.devicePreference).toBe('wasm')
  })
})
