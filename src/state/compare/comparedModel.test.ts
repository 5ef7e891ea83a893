import { beforeEach, describe, expect, it, vi } from 'vitest'
import { type Failure, FailureError } from '../../core/failure'
import type { ModelRequest } from '../../core/modelSource'
import { EMPTY_SESSION } from '../../core/session/session'
import { INFO, PROVENANCE } from '../explore/explorerFixture'
import type { FindSaved, ModelListener, ModelService, OpenedModel } from '../model/modelSlot'
import { OTHER } from '../side/side'
import { type AppStore, createAppStore } from '../store'
import { connectComparedModel } from './comparedModel'
import { secondModelOffer } from './compareSelectors'

const settle = () => new Promise((resolve) => setTimeout(resolve, 0))

const SHA = 'b'.repeat(64)
const infoOf = (id: string, sha256 = SHA) => ({
  ...INFO,
  id,
  provenance: { ...PROVENANCE, modelId: id, sha256 },
})
const folder = (name: string): ModelRequest => ({ kind: 'files', name, files: [] })

function setUp(findSaved?: FindSaved, before?: (store: AppStore) => void) {
  const opens: {
    request: ModelRequest
    signal: AbortSignal
    use: ReturnType<typeof vi.fn>
    discard: ReturnType<typeof vi.fn>
    answer(id: string, sha256?: string): Promise<unknown>
    fail(failure: Failure): Promise<unknown>
  }[] = []
  const close = vi.fn()
  const listeners: ModelListener[] = []
  const service = (open: ModelService['open']): ModelService => ({
    open,
    changeDevice: vi.fn(async () => {}),
    close,
    listen: (listener) => listeners.push(listener),
  })
  const own = service(() => new Promise(() => {}))
  const compared = service(
    (request, { signal, onProgress }) =>
      new Promise<OpenedModel>((resolve, reject) => {
        onProgress({ stage: 'files', loadedBytes: 3, totalBytes: 10 })
        const [use, discard] = [vi.fn(), vi.fn()]
        opens.push({
          request,
          signal,
          use,
          discard,
          answer: (id, sha256) => {
            resolve({ info: infoOf(id, sha256), vocabulary: ['[PAD]'], use, discard })
            return settle()
          },
          fail: (failure) => {
            reject(new FailureError(failure))
            return settle()
          },
        })
      }),
  )
  const store = createAppStore({ services: { models: [own, compared] } })
  before?.(store)
  connectComparedModel(store, findSaved)
  if (!before) store.getState().replaceSession({ ...EMPTY_SESSION, text: 'so good' }, { undoable: false })
  return { store, opens, close, connection: listeners[OTHER] }
}

describe('the second model', () => {
  let page: ReturnType<typeof setUp>
  const act = () => page.store.getState()
  const model = () => act().compare.model
  beforeEach(() => {
    page = setUp()
  })

  async function openOne(name = 'one') {
    act().openModel(folder(name), OTHER)
    await page.opens.at(-1)?.answer(`./${name}`)
  }

  it('opens when it is asked for, with progress, as one step of undo, and leaves the first model alone', async () => {
    expect(page.opens).toEqual([])
    const first = act().model
    act().openModel(folder('one'), OTHER)
    expect(model()).toMatchObject({ opening: { name: 'one' }, progress: { loadedBytes: 3 } })
    expect(act().session.comparison).toBeNull()
    await page.opens[0].answer('./one')
    expect(page.opens[0].use).toHaveBeenCalledOnce()
    expect(model()).toMatchObject({ opening: null, progress: null, info: { id: './one' } })
    expect(act().session.comparison).toEqual({
      model: { id: './one', sha256: SHA },
      text: null,
      ownNearest: false,
    })
    expect(act().model).toBe(first)
    expect(act().history.past).toHaveLength(1)
  })

  it('is given back when the comparison is closed, and comes back by itself with undo', async () => {
    await openOne()
    act().closeComparison()
    expect(page.close).toHaveBeenCalledOnce()
    expect(model().info).toBeNull()
    expect(act().session.comparison).toBeNull()
    act().undo()
    expect(page.opens).toHaveLength(2)
    expect(page.opens[1].request).toEqual(folder('one'))
    await page.opens[1].answer('./one')
    expect(model().info?.id).toBe('./one')
    expect(act().history.future).toHaveLength(1)
    act().redo()
    expect(page.close).toHaveBeenCalledTimes(2)
  })

  it('gives way to another one only when that is open, and undo brings the former back', async () => {
    await openOne('one')
    act().openModel(folder('two'), OTHER)
    expect(model().info?.id).toBe('./one')
    expect(page.close).not.toHaveBeenCalled()
    await page.opens[1].answer('./two')
    expect(act().session.comparison?.model?.id).toBe('./two')
    expect(page.close).not.toHaveBeenCalled()
    act().undo()
    expect(page.close).toHaveBeenCalledOnce()
    await page.opens[2].answer('./one')
    expect(act().session.comparison?.model?.id).toBe('./one')
    expect(model().info?.id).toBe('./one')
  })

  it('that is refused leaves what stood there, and says why', async () => {
    await openOne('one')
    act().openModel(folder('damaged'), OTHER)
    await page.opens[1].fail({ kind: 'damaged-file', message: 'no' })
    expect(model()).toMatchObject({ info: { id: './one' }, refused: { failure: { message: 'no' } } })
    expect(act().session.comparison?.model?.id).toBe('./one')
    await openOne('two')
    expect(model().refused).toBeNull()
  })

  it('can be stopped, and is silent where the comparison was closed meanwhile', async () => {
    act().openModel(folder('one'), OTHER)
    act().cancelModel(OTHER)
    expect(page.opens[0].signal.aborted).toBe(true)
    expect(model()).toMatchObject({ opening: null, refused: { failure: { kind: 'cancelled' } } })
    act().openModel(folder('one'), OTHER)
    act().closeComparison()
    expect(page.opens[1].signal.aborted).toBe(true)
    await page.opens[1].answer('./one')
    expect(page.opens[1].discard).toHaveBeenCalledOnce()
    expect(model()).toMatchObject({ opening: null, refused: null, info: null })
    expect(act().session.comparison).toBeNull()
  })

  it('of a link waits to be asked for, keeps the session’s own way of looking at it, and says other weights', async () => {
    const comparison = { model: { id: './one', sha256: 'c'.repeat(64) }, text: null, ownNearest: true }
    act().replaceSession({ ...EMPTY_SESSION, text: 'so good', comparison }, { undoable: false })
    expect(page.opens).toEqual([])
    expect(secondModelOffer(act())).toEqual(comparison.model)
    await openOne('one')
    expect(secondModelOffer(act())).toBeNull()
    expect(act().session.comparison).toEqual({ ...comparison, model: { id: './one', sha256: SHA } })
    expect(act().history.past).toEqual([])
    expect(act().notices.at(-1)?.text).toMatch(/another file of .\/one \(cccccccc\).*bbbbbbbb/)
  })

  it('that is gone says so and can be opened again', async () => {
    await openOne()
    page.connection.lose({ kind: 'worker-lost', message: 'It stopped again and again.' })
    expect(page.close).toHaveBeenCalledOnce()
    expect(model()).toMatchObject({ info: null, refused: { request: folder('one') } })
    expect(page.opens).toHaveLength(1)
    await openOne()
    expect(model()).toMatchObject({ info: { id: './one' }, refused: null })
    expect(act().history.past).toHaveLength(1)
  })
})

describe('the second model from an earlier visit', () => {
  const HUB: ModelRequest = { kind: 'hub', id: 'owner/name', revision: 'main', keptOnly: true }
  const model = { id: 'owner/name', sha256: SHA }
  const comparison = { model, text: null, ownNearest: false }
  const session = { ...EMPTY_SESSION, text: 'so good', comparison }
  const loading = (store: AppStore) => {
    store.getState().replaceSession(session, { undoable: false })
    store.setState((state) => ({ model: { ...state.model, status: 'loading' } }))
  }
  const isThere = (store: AppStore) =>
    store.setState((state) => ({ model: { ...state.model, status: 'ready', info: infoOf('tiny') } }))

  it('comes back by itself once the first is there, where all of it is kept', async () => {
    const kept = vi.fn(async () => HUB)
    const { store, opens } = setUp(kept, loading)
    expect(secondModelOffer(store.getState())).toBeNull()
    await settle()
    expect(kept).not.toHaveBeenCalled()
    isThere(store)
    await settle()
    expect(kept).toHaveBeenCalledExactlyOnceWith('owner/name')
    expect(opens.map(({ request }) => request)).toEqual([HUB])
    await opens[0].answer('owner/name')
    expect(store.getState()).toMatchObject({
      session: { comparison },
      history: { past: [] },
      compare: { model: { info: { id: 'owner/name' } }, returning: false },
    })
  })

  it.each([
    ['is not kept', async () => null],
    ['cannot be looked for', () => Promise.reject(new FailureError({ kind: 'storage', message: 'denied' }))],
  ])('is offered where it %s', async (_, kept) => {
    const { store, opens } = setUp(kept, loading)
    isThere(store)
    await settle()
    expect(opens).toEqual([])
    expect(secondModelOffer(store.getState())).toEqual(model)
  })

  it('waits with the first where that one is offered, and is offered with it where it came with a link', async () => {
    const kept = vi.fn(async () => HUB)
    const waiting = (store: AppStore) => {
      loading(store)
      const offer = { session: { ...session, model: { id: './first', sha256: SHA } } }
      store.setState((state) => ({ model: { ...state.model, offer } }))
    }
    const { store, opens } = setUp(kept, waiting)
    isThere(store)
    await settle()
    expect(kept).not.toHaveBeenCalled()
    store.getState().dismissOffer()
    await settle()
    expect(opens).toHaveLength(1)

    const linked = setUp(undefined, loading)
    isThere(linked.store)
    await settle()
    expect(linked.opens).toEqual([])
    expect(secondModelOffer(linked.store.getState())).toEqual(model)
  })
})
