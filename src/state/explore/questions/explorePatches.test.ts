import { afterEach, describe, expect, it } from 'vitest'
import type { PatchRequest } from '../../../core/measures/patching'
import { EMPTY_SESSION } from '../../../core/session/session'
import { createAppStore } from '../../store'
import type { AppStore } from '../../storeTypes'
import { connectExplorer } from '../explore'
import { createTestExplorer, INFO, type TestExplorer } from '../explorerFixture'
import { effectShares, exportSharesCsv, patchedCell } from '../patchSelectors'
import { patchSubject } from '../patchSubject'

const disconnects: (() => void)[] = []
afterEach(() => {
  for (const disconnect of disconnects.splice(0)) disconnect()
})

/** Opens a text of five tokens and three layers, all of which move; a sweep is 4 parts besides cells, 5 positions and 15 cells. */
async function opened(session: object = {}) {
  const store = createAppStore()
  const live = createTestExplorer()
  disconnects.push(connectExplorer(store, { live: () => live, shipped: null, typingPause: 0 }))
  store.setState(({ model }) => ({ model: { ...model, status: 'ready', info: INFO } }))
  const act = store.getState()
  act.replaceSession({ ...EMPTY_SESSION, text: 'a bb ccc', position: 2, ripple: 'restored', ...session })
  await live.answerAll()
  return { store, live, act }
}

const patchCalls = ({ calls }: TestExplorer) => calls.filter(({ method }) => method === 'patch')
const requests = (live: TestExplorer) => patchCalls(live).map(({ request }) => request as PatchRequest)
const sharesIn = (store: AppStore) => {
  const shares = effectShares(store.getState())
  if (!shares) throw new TypeError('no shares')
  return shares
}
const keyIn = (store: AppStore) => patchSubject(store.getState())?.key ?? null
const settle = () => new Promise((resolve) => setTimeout(resolve, 0))

describe('a cell of the ripple', () => {
  it('is run when it is asked for, before everything else, and once', async () => {
    const { store, live, act } = await opened()
    expect(patchCalls(live)).toHaveLength(0)
    act.patchCell({ layer: 1, position: 3 })
    await settle()
    expect(store.getState().sides[0].patches.status).toBe('loading')
    expect(patchCalls(live)[0].options).toMatchObject({ priority: 'act', lane: 'patch' })
    expect(requests(live)[0]).toMatchObject({
      direction: 'restore',
      place: null,
      patches: [{ layers: [1], positions: [3] }],
    })
    await live.answerAll()
    expect(store.getState().sides[0].patches.status).toBe('ready')
    const shares = sharesIn(store)
    expect(patchedCell(shares, { layer: 1, position: 3 })?.value).toBeCloseTo(-0.74)
    expect(shares.cells[5 + 3]).toBeCloseTo(0.13)
    expect(shares.cells.filter(Number.isFinite)).toHaveLength(1)
    act.patchCell(null)
    act.patchCell({ layer: 1, position: 3 })
    await live.answerAll()
    expect(patchCalls(live)).toHaveLength(1)
  })

  it('is not asked for while distances are shown, nor outside of the map', async () => {
    const { live, act } = await opened({ ripple: 'distance' })
    act.patchCell({ layer: 1, position: 3 })
    await live.answerAll()
    expect(patchCalls(live)).toHaveLength(0)
    act.setRipple('transferred')
    await live.answerAll()
    expect(requests(live).map(({ direction }) => direction)).toEqual(['insert'])
    act.patchCell({ layer: 9, position: 3 })
    await live.answerAll()
    expect(patchCalls(live)).toHaveLength(1)
  })

  it('tells why it could not be run, and runs when asked again', async () => {
    const { store, live, act } = await opened()
    act.patchCell({ layer: 1, position: 3 })
    await settle()
    await live.open[0].reject({ kind: 'unsupported-model', message: 'No states are taken.' })
    expect(store.getState().sides[0].patches).toMatchObject({
      status: 'error',
      failure: { message: 'No states are taken.' },
    })
    expect(live.open).toHaveLength(0)
    act.patchCell({ layer: 1, position: 3 })
    await live.answerAll()
    expect(store.getState().sides[0].patches.status).toBe('ready')
  })
})

describe('a sweep', () => {
  it('fills in part by part, tells how far it is, and ends with everything known', async () => {
    const { store, live, act } = await opened()
    act.sweepPatches(keyIn(store))
    await settle()
    await live.open[0].resolve()
    const { patches } = store.getState().sides[0]
    expect(patches.status).toBe('loading')
    expect(patches.value?.done).toBeGreaterThan(0)
    expect(patches.value?.done).toBeLessThan(patches.value?.total ?? 0)
    expect(patches.value?.msLeft).toBeGreaterThanOrEqual(0)
    expect(patchCalls(live).every(({ options }) => options?.priority === 'ahead')).toBe(true)
    await live.answerAll()
    const { status, value } = store.getState().sides[0].patches
    expect(status).toBe('ready')
    expect(value?.done).toBe(value?.total)
    const { cells, parts, columns, nothing } = sharesIn(store)
    expect(nothing).toBe(false)
    expect(cells.every(Number.isFinite)).toBe(true)
    expect(cells[2 * 5 + 2]).toBeCloseTo(0.22)
    expect(parts.own[2]).toBe(parts.own[2])
    expect(parts.own[2]).toBeCloseTo(0.22)
    expect(parts.read[1]).toBeCloseTo(0.1)
    expect(columns.every(Number.isFinite)).toBe(true)
  })

  it('stops when told to and goes on where it was, also after another change', async () => {
    const { store, live, act } = await opened()
    const key = keyIn(store)
    act.sweepPatches(key)
    await settle()
    await live.open[0].resolve()
    act.sweepPatches(null)
    await live.answerAll()
    const stopped = store.getState().sides[0].patches
    expect(stopped.status).toBe('ready')
    const done = stopped.value?.done ?? 0
    expect(done).toBeLessThan(stopped.value?.total ?? 0)
    act.selectPosition(3)
    await live.answerAll()
    expect(store.getState().sides[0].patches.value?.done).toBe(0)
    act.selectPosition(2)
    await live.answerAll()
    expect(store.getState().sides[0].patches.value?.done).toBe(done)
    const before = requests(live).flatMap(({ patches }) => patches).length
    act.sweepPatches(key)
    await live.answerAll()
    const { value } = store.getState().sides[0].patches
    expect(value?.done).toBe(value?.total)
    const all = requests(live).flatMap(({ patches }) => patches).length
    expect(all - before).toBeLessThanOrEqual((value?.total ?? 0) - done)
  })

  it('of another change is never shown beside the present one', async () => {
    const { store, live, act } = await opened()
    act.sweepPatches(keyIn(store))
    await settle()
    act.selectPosition(3)
    await live.answerAll()
    const { subject, change, cells } = sharesIn(store)
    expect([subject.substitutions, change.substitutions].map(([one]) => one.position)).toEqual([3, 3])
    expect(cells.every(Number.isNaN)).toBe(true)
  })

  it('is written as CSV, with what it is of', async () => {
    const { store, live, act } = await opened()
    expect(exportSharesCsv(store.getState())).toBeNull()
    act.sweepPatches(keyIn(store))
    await live.answerAll()
    const lines = exportSharesCsv(store.getState())?.trim().split('\n') ?? []
    expect(lines[0]).toBe('part,layer,position,token,share,value,direction,outcome,before,after')
    expect(lines).toHaveLength(1 + 9 + 5 + 15)
    expect(lines.at(-1)).toMatch(/^cell,2,4,\S+,0\.24,-0\.52,restore,logit-difference,1,-1$/)
  })
})
