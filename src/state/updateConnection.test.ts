import { expect, it, vi } from 'vitest'
import { createAppStore } from './store'
import { connectUpdate } from './updateConnection'

function setUp() {
  const store = createAppStore()
  let offer = () => {}
  const takeOver = vi.fn(async () => 0)
  const connected = connectUpdate(store, {
    keep: async (onWaiting) => {
      offer = onWaiting
    },
    takeOver,
  })
  return { store, connected, takeOver, offer: () => offer() }
}

it('says when the page is kept, and when the browser refuses', async () => {
  const { store, connected } = setUp()
  expect(store.getState().offline.kept).toBe('not-yet')
  await connected
  expect(store.getState().offline.kept).toBe('kept')
  const other = createAppStore()
  await connectUpdate(other, { keep: () => Promise.reject(new Error('denied')), takeOver: async () => 0 })
  expect(other.getState().offline.kept).toBe('unavailable')
})

it('offers a new version and takes it when the user says so, not before', async () => {
  const { store, connected, takeOver, offer } = setUp()
  await connected
  store.getState().takeUpdate()
  expect(takeOver).not.toHaveBeenCalled()
  offer()
  expect(store.getState().offline.update).toBe('offered')
  expect(takeOver).not.toHaveBeenCalled()
  store.getState().takeUpdate()
  expect(takeOver).toHaveBeenCalledTimes(1)
})

it('offers it again where other pages stand in the way, and says how many', async () => {
  const { store, connected, takeOver, offer } = setUp()
  await connected
  takeOver.mockResolvedValueOnce(2)
  offer()
  store.getState().takeUpdate()
  await vi.waitFor(() => expect(store.getState().offline).toMatchObject({ update: 'offered', otherPages: 2 }))
  store.getState().takeUpdate()
  expect(takeOver).toHaveBeenCalledTimes(2)
})

it('lets it wait', async () => {
  const { store, connected, offer } = setUp()
  await connected
  offer()
  store.getState().postponeUpdate()
  expect(store.getState().offline.update).toBe('postponed')
})
