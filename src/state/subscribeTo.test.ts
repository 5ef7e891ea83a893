import { expect, it, vi } from 'vitest'
import { createStore } from 'zustand/vanilla'
import { subscribeTo } from './subscribeTo'

it('calls after changes of what is read, and after no other', () => {
  const store = createStore<{ read: object; also: number; other: number }>(() => ({
    read: {},
    also: Number.NaN,
    other: 0,
  }))
  const look = vi.fn()
  const end = subscribeTo(store, ({ read, also }) => [read, also], look)
  store.setState({ other: 1, also: Number.NaN })
  expect(look).not.toHaveBeenCalled()
  store.setState({ read: {} })
  expect(look).toHaveBeenCalledTimes(1)
  store.setState({ also: 1 })
  expect(look).toHaveBeenCalledTimes(2)
  end()
  store.setState({ read: {} })
  expect(look).toHaveBeenCalledTimes(2)
})

it('calls once for what the call itself changes back', () => {
  const store = createStore(() => ({ count: 0 }))
  const seen: number[] = []
  subscribeTo(
    store,
    ({ count }) => [count],
    () => {
      const { count } = store.getState()
      seen.push(count)
      if (count < 3) store.setState({ count: count + 1 })
    },
  )
  store.setState({ count: 1 })
  expect(seen).toEqual([1, 2, 3])
})
