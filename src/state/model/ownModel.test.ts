import { describe, expect, it, vi } from 'vitest'
import { type Failure, FailureError } from '../../core/failure'
import { BUILT_IN, type ModelRequest } from '../../core/modelSource'
import { EMPTY_SESSION } from '../../core/session/session'
import { progressOf } from '../corpus/corpusFixture'
import { INFO, tokenizeWords } from '../explore/explorerFixture'
import { ready } from '../resource'
import { OWN, withSide } from '../side/side'
import { createAppStore } from '../store'
import type { AppStore } from '../storeTypes'
import type { DevicePreference, FindSaved, ModelListener, OpenedModel } from './modelSlot'

const settle = () => new Promise((resolve) => setTimeout(resolve, 0))

function setUp(findSaved?: FindSaved, before?: (store: AppStore) => void) {
  const opens: {
    preference: DevicePreference
    request: ModelRequest
    signal: AbortSignal
    progress: (loadedBytes: number) => void
    resolve: (opened: OpenedModel) => void
    reject: (failure: Failure) => void
  }[] = []
  const changeDevice = vi.fn(async (_: DevicePreference) => {})
  const listeners: ModelListener[] = []
  const store = createAppStore({
    services: {
      models: [
        {
          open: (request, { preference, signal, onProgress }) =>
            new Promise((resolve, reject) => {
              opens.push({
                preference,
                request,
                signal,
                progress: (loadedBytes) => onProgress({ stage: 'files', loadedBytes, totalBytes: 10 }),
                resolve,
                reject: (failure) => reject(new FailureError(failure)),
              })
            }),
          changeDevice,
          close: vi.fn(),
          listen: (listener) => listeners.push(listener),
        },
      ],
    },
  })
  before?.(store)
  store.getState().startModel(findSaved)
  return { store, opens, changeDevice, connection: listeners[0], model: () => store.getState().model }
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
    expect(store.getState()).toMatchObject({
      model: { vocabulary: ['[PAD]'] },
      session: { model: { id: 'tiny' } },
    })
    expect(store.getState().history.past).toEqual([])
  })

  it('says what was lost when it was started again, and opens at the button where it could not be', async () => {
    const { store, opens, connection, model } = setUp()
    opens[0].resolve(opened)
    await settle()
    const lost: Failure = { kind: 'worker-lost', message: 'The worker stopped.', kept: 'All is kept.' }
    connection.update(INFO, null, lost)
    expect(store.getState().notices).toMatchObject([{ tone: 'info', text: lost.message, failure: lost }])
    connection.lose(lost)
    expect(model()).toMatchObject({ status: 'error', failure: lost })
    store.getState().retryModel()
    expect(model()).toMatchObject({ status: 'loading', failure: null })
    opens[1].resolve(opened)
    await settle()
    expect(model()).toMatchObject({ status: 'ready', opened: 2 })
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

  it('can be stopped at once', async () => {
    const { store, opens, model } = setUp()
    store.getState().cancelModel()
    expect(opens[0].signal.aborted).toBe(true)
    expect(model()).toMatchObject({ status: 'idle', opening: null, failure: { kind: 'cancelled' } })
    opens[0].reject({ kind: 'network', message: 'late' })
    await settle()
    expect(model()).toMatchObject({ status: 'idle', failure: { kind: 'cancelled' } })
    store.getState().retryModel()
    expect(opens).toHaveLength(2)
  })

  it('can be stopped up to its last step: what comes all the same is given back', async () => {
    const { store, opens, model } = setUp()
    const discard = vi.fn()
    const use = vi.fn()
    store.getState().cancelModel()
    opens[0].resolve({ ...opened, use, discard })
    await settle()
    expect(discard).toHaveBeenCalledOnce()
    expect(use).not.toHaveBeenCalled()
    expect(model()).toMatchObject({ status: 'idle', info: null, failure: { kind: 'cancelled' } })
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

  it('opens on the other device where the choice comes before it is open', async () => {
    const { store, opens, model } = setUp()
    store.getState().setDevicePreference('wasm')
    expect(opens.map(({ preference }) => preference)).toEqual(['auto', 'wasm'])
    opens[1].reject({ kind: 'network', message: 'down' })
    await settle()
    store.getState().setDevicePreference('auto')
    expect(opens).toHaveLength(3)
    expect(model()).toMatchObject({ status: 'loading', failure: null })
  })

  it('opens nothing by a choice of device before it is started', () => {
    const { opens } = setUp(undefined, (store) => store.getState().setDevicePreference('wasm'))
    expect(opens.map(({ preference }) => preference)).toEqual(['wasm'])
  })
})

describe('another model', () => {
  const HUB: ModelRequest = { kind: 'hub', id: 'owner/name', revision: 'main' }
  const SHA = 'd'.repeat(64)
  const otherInfo = { ...INFO, id: 'owner/name', provenance: { ...INFO.provenance, sha256: SHA } }
  const other = (vocabulary = ['<s>', 'film']) => ({
    info: otherInfo,
    vocabulary,
    use: vi.fn(),
    discard: vi.fn(),
  })

  async function withOpen() {
    const set = setUp()
    set.opens[0].resolve(opened)
    await settle()
    const { store } = set
    store.setState((state) => ({
      session: {
        ...state.session,
        text: 'the film',
        position: 1,
        pins: [{ text: 'the film', substitutions: [{ position: 1, tokenId: 0 }], color: 0 }],
      },
      ...withSide(state, OWN, { tokenized: ready(tokenizeWords('the film')) }),
    }))
    return set
  }

  it('is opened behind the open one, which answers until then', async () => {
    const { store, opens, model } = await withOpen()
    expect(opens[0].request).toEqual(BUILT_IN)
    store.getState().openModel(HUB)
    expect(opens[1].request).toEqual(HUB)
    opens[1].progress(4)
    expect(model()).toMatchObject({ status: 'ready', info: INFO, opening: HUB, progress: { loadedBytes: 4 } })
    const next = other()
    opens[1].resolve(next)
    await settle()
    expect(next.use).toHaveBeenCalledOnce()
    expect(model()).toMatchObject({ status: 'ready', info: otherInfo, opening: null, opened: 2 })
  })

  it('begins with no result of the former one, and without tokens of its vocabulary', async () => {
    const { store, opens } = await withOpen()
    store.getState().openModel(HUB)
    opens[1].resolve(other())
    await settle()
    expect(store.getState().sides[0].tokenized).toMatchObject({ status: 'idle', value: null })
    expect(store.getState()).toMatchObject({
      model: { vocabulary: ['<s>', 'film'] },
      session: { text: 'the film', position: null, pins: [], model: { id: 'owner/name', sha256: SHA } },
    })
    expect(store.getState().notices.at(-1)?.text).toMatch(/pins name tokens of tiny/)
  })

  it('keeps what is chosen where it reads the same vocabulary', async () => {
    const { store, opens } = await withOpen()
    store.getState().openModel(HUB)
    opens[1].resolve(other(['[PAD]']))
    await settle()
    expect(store.getState().sides[0].tokenized.value).toBeNull()
    expect(store.getState().session.position).toBe(1)
    expect(store.getState().session.pins).toHaveLength(1)
  })

  it.each(['damaged-file', 'cancelled'] as const)(
    'that fails (%s) leaves the open one as it is',
    async (kind) => {
      const { store, opens, model } = await withOpen()
      const { session, sides } = store.getState()
      store.getState().openModel(HUB)
      opens[1].reject({ kind, message: 'no' })
      await settle()
      expect(model()).toMatchObject({ status: 'ready', info: INFO, opening: null, failure: null })
      expect(model().refused).toMatchObject({ request: HUB, failure: { kind } })
      expect(store.getState()).toMatchObject({ session, sides })
      store.getState().openModel(HUB)
      expect(model().refused).toBeNull()
      expect(opens).toHaveLength(3)
    },
  )

  it('that comes too late is given back', async () => {
    const { store, opens, model } = await withOpen()
    store.getState().openModel(HUB)
    store.getState().openModel(BUILT_IN)
    const late = other()
    opens[1].resolve(late)
    await settle()
    expect(late.use).not.toHaveBeenCalled()
    expect(late.discard).toHaveBeenCalledOnce()
    expect(model().info).toBe(INFO)
  })

  it('takes the device that is chosen while it loads, as the open one does', async () => {
    const { store, opens, changeDevice } = await withOpen()
    store.getState().openModel(HUB)
    store.getState().setDevicePreference('wasm')
    expect(opens.slice(1).map(({ request, preference }) => [request, preference])).toEqual([
      [HUB, 'auto'],
      [HUB, 'wasm'],
    ])
    expect(opens[1].signal.aborted).toBe(true)
    expect(changeDevice).toHaveBeenCalledExactlyOnceWith('wasm')
  })

  it('that was refused is not what opens again once the open one is lost', async () => {
    const { store, opens, connection } = await withOpen()
    store.getState().openModel(HUB)
    opens[1].reject({ kind: 'missing-file', message: 'gated' })
    await settle()
    connection.lose({ kind: 'worker-lost', message: 'gone' })
    store.getState().retryModel()
    expect(opens[2].request).toEqual(BUILT_IN)
  })

  it('opened after a loss keeps nothing of the lost one', async () => {
    const { store, opens, connection } = await withOpen()
    connection.lose({ kind: 'worker-lost', message: 'gone' })
    store.getState().openModel(HUB)
    opens[1].resolve(other())
    await settle()
    expect(store.getState().sides[0].tokenized.value).toBeNull()
    expect(store.getState().session).toMatchObject({ position: null, pins: [] })
  })

  it('asked for before the first is there gives way to the built-in one where it fails', async () => {
    const { store, opens, model } = setUp()
    store.getState().openModel(HUB)
    opens[1].reject({ kind: 'missing-file', message: 'gated' })
    await settle()
    expect(opens.map(({ request }) => request)).toEqual([BUILT_IN, HUB, BUILT_IN])
    opens[2].resolve(opened)
    await settle()
    expect(model()).toMatchObject({ status: 'ready', refused: { failure: { message: 'gated' } } })
  })

  it('shows the session that waited for it, whole', async () => {
    const { store, opens, model } = await withOpen()
    const session = {
      ...EMPTY_SESSION,
      text: 'a',
      model: { id: 'owner/name', sha256: SHA },
      position: 2,
      tokenId: 1,
    }
    store.getState().replaceSession(session)
    expect(store.getState().session).toMatchObject({ text: 'a', position: null })
    expect(model().offer).not.toBeNull()
    store.getState().openModel(HUB)
    opens[1].resolve(other())
    await settle()
    expect(store.getState().session).toEqual(session)
    expect(model().offer).toBeNull()
  })

  describe('of an earlier visit', () => {
    const KEPT: ModelRequest = { kind: 'hub', id: 'owner/name', revision: 'main', keptOnly: true }
    const waiting = (store: AppStore) =>
      store.getState().replaceSession({
        ...EMPTY_SESSION,
        text: 'a',
        model: { id: 'owner/name', sha256: SHA },
        position: 2,
        tokenId: 1,
      })

    it('comes back by itself where all of it is kept', async () => {
      const kept = vi.fn(async () => KEPT)
      const { store, opens, model } = setUp(kept, waiting)
      await settle()
      expect(kept).toHaveBeenCalledExactlyOnceWith('owner/name')
      expect(opens.map(({ request }) => request)).toEqual([BUILT_IN, KEPT])
      opens[1].resolve(other())
      await settle()
      expect(model()).toMatchObject({ status: 'ready', info: otherInfo, offer: null })
      expect(store.getState().session).toMatchObject({ position: 2, tokenId: 1 })
    })

    it.each([
      ['is not kept', async () => null],
      ['cannot be looked up', async () => Promise.reject(new Error('denied'))],
      ['came with a link', undefined],
    ])('is offered where it %s', async (_, kept) => {
      const { opens, model } = setUp(kept, waiting)
      await settle()
      expect(opens.map(({ request }) => request)).toEqual([BUILT_IN])
      expect(model().offer).not.toBeNull()
    })

    it('does not take the place of what was asked for meanwhile', async () => {
      const { store, opens } = setUp(async () => KEPT, waiting)
      store.getState().openModel(BUILT_IN)
      await settle()
      expect(opens.map(({ request }) => request)).toEqual([BUILT_IN, BUILT_IN])
    })
  })

  it('is not opened under a run over a corpus', async () => {
    const { store, opens } = await withOpen()
    store.setState(({ corpus }) => ({
      corpus: { ...corpus, progress: progressOf('running', 1) },
    }))
    store.getState().openModel(HUB)
    expect(opens).toHaveLength(1)
    expect(store.getState().notices.at(-1)?.text).toMatch(/Pause or cancel/)
  })
})
