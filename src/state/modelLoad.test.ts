import { describe, expect, it, vi } from 'vitest'
import { type Failure, FailureError } from '../core/failure'
import type { DevicePreference } from './appState'
import { connectModel, type OpenedModel } from './modelLoad'
import { createAppStore } from './store'
import { INFO } from './testExplorer'

const settle = () => new Promise((resolve) => setTimeout(resolve, 0))

function setUp() {
  const store = createAppStore()
  const opens: {
    preference: DevicePreference
    progress: (loadedBytes: number) => void
    resolve: (opened: OpenedModel) => void
    reject: (failure: Failure) => void
  }[] = []
  const changeDevice = vi.fn(async (_: DevicePreference) => {})
  const cancel = vi.fn()
  const connection = connectModel(store, {
    open: (preference, onProgress) =>
      new Promise((resolve, reject) => {
        opens.push({
          preference,
          progress: (loadedBytes) => onProgress({ stage: 'files', loadedBytes, totalBytes: 10 }),
          resolve,
          reject: (failure) => reject(new FailureError(failure)),
        })
      }),
    changeDevice,
    cancel,
  })
  return { store, opens, changeDevice, cancel, connection, model: () => store.getState().model }
}
const opened: OpenedModel = { info: INFO, vocabulary: ['[PAD]'] }

describe('the model', () => {
  it('opens at once, with progress, and gives the session its name without a step', async () => {
    const { store, opens, model } = setUp()
    opens[0].progress(4)
    expect(model()).toMatchObject({ status: 'loading', progress: { loadedBytes: 4 } })
    opens[0].resolve(opened)
    await settle()
    expect(model()).toMatchObject({ status: 'ready', info: INFO, progress: null })
    expect(store.getState()).toMatchObject({ vocabulary: ['[PAD]'], session: { model: { id: 'tiny' } } })
    expect(store.getState().history.past).toEqual([])
  })

  it('fails with its reason and opens again on retry; the late end of the first attempt is dropped', async () => {
    const { store, opens, model } = setUp()
    store.getState().retryModel()
    opens[0].reject({ kind: 'network', message: 'late' })
    await settle()
    expect(model().status).toBe('loading')
    opens[1].reject({ kind: 'network', message: 'down' })
    await settle()
    expect(model()).toMatchObject({ status: 'error', failure: { kind: 'network' } })
    store.getState().retryModel()
    opens[2].resolve(opened)
    await settle()
    expect(model()).toMatchObject({ status: 'ready', failure: null })
  })

  it('can be stopped', async () => {
    const { store, opens, cancel, model } = setUp()
    store.getState().cancelModel()
    expect(cancel).toHaveBeenCalledOnce()
    opens[0].reject({ kind: 'cancelled', message: 'Stopped.' })
    await settle()
    expect(model()).toMatchObject({ status: 'idle', failure: { kind: 'cancelled' } })
  })

  it('changes the device behind the open model, and says so where that fails', async () => {
    const { store, opens, changeDevice, model } = setUp()
    opens[0].resolve(opened)
    await settle()
    changeDevice.mockRejectedValueOnce(new FailureError({ kind: 'device-lost', message: 'no GPU' }))
    store.getState().setDevicePreference('webgpu')
    await settle()
    expect(changeDevice).toHaveBeenCalledWith('webgpu')
    expect(opens).toHaveLength(1)
    expect(model().status).toBe('ready')
    expect(store.getState().notices).toMatchObject([{ text: 'no GPU' }])
  })

  it('opens on the other device where the choice comes before it is open', () => {
    const { store, opens } = setUp()
    store.getState().setDevicePreference('wasm')
    expect(opens.map(({ preference }) => preference)).toEqual(['auto', 'wasm'])
  })
})
