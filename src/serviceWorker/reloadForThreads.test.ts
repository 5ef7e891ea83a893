import { expect, it, vi } from 'vitest'
import { type ReloadableWindow, reloadForThreads } from './reloadForThreads'

function openWindow(changes: Partial<ReloadableWindow> = {}) {
  const kept = new Map<string, string>()
  const self = {}
  const reload = vi.fn()
  const window: ReloadableWindow = {
    crossOriginIsolated: false,
    self,
    top: self,
    sessionStorage: {
      getItem: (key) => kept.get(key) ?? null,
      setItem: (key, value) => kept.set(key, value),
    },
    location: { reload },
    ...changes,
  }
  return { window, reload }
}

it('reloads a page without threads once, and never again in the same tab', () => {
  const { window, reload } = openWindow()
  expect(reloadForThreads(window, false)).toBe(true)
  expect(reloadForThreads(window, false)).toBe(false)
  expect(reload).toHaveBeenCalledTimes(1)
})

it.each<[string, Partial<ReloadableWindow>, boolean]>([
  ['is isolated already', { crossOriginIsolated: true }, false],
  ['stands in a frame', { top: {} }, false],
  ['was touched', {}, true],
  [
    'cannot remember that it was reloaded',
    {
      sessionStorage: {
        getItem: () => null,
        setItem: () => {
          throw new DOMException('', 'QuotaExceededError')
        },
      },
    },
    false,
  ],
])('leaves a page that %s', (_, changes, touched) => {
  const { window, reload } = openWindow(changes)
  expect(reloadForThreads(window, touched)).toBe(false)
  expect(reload).not.toHaveBeenCalled()
})
