import { afterEach, describe, expect, it, vi } from 'vitest'
import type { MeasureRequest } from '../../core/explorer'
import { fail } from '../../core/failure'
import { EMPTY_SESSION, type Session } from '../../core/session/session'
import {
  activeSubstitutions,
  chosenTokenId,
  comparisonSeries,
  neighborRows,
  provenanceLine,
} from '../selectors'
import { createAppStore } from '../store'
import type { AppStore } from '../storeTypes'
import { connectExplorer, type ShippedExplorer } from './explore'
import {
  createTestExplorer,
  INFO,
  measurementOf,
  neighborsAt,
  PROVENANCE,
  type TestExplorer,
  tokenizeWords,
} from './explorerFixture'

const TEXT = 'a bb ccc dddd'

const disconnects: (() => void)[] = []
afterEach(() => {
  vi.useRealTimers()
  for (const disconnect of disconnects.splice(0)) disconnect()
})

function open(store: AppStore) {
  store.setState(({ model }) => ({ model: { ...model, status: 'ready', info: INFO } }))
}

function setUp(shipped: ShippedExplorer | null = null, typingPause = 0) {
  const store = createAppStore()
  const live = createTestExplorer()
  disconnects.push(connectExplorer(store, { live: () => live, shipped, typingPause }))
  return { store, live, act: store.getState() }
}

async function opened(
  text = TEXT,
): Promise<{ store: AppStore; live: TestExplorer; act: ReturnType<AppStore['getState']> }> {
  const page = setUp()
  open(page.store)
  page.act.replaceSession({ ...EMPTY_SESSION, text })
  await page.live.answerAll()
  return page
}

describe('the flow from text to results', () => {
  it('asks for tokens, all neighbours, and for a chosen token its neighbours, the measurement and the reading', async () => {
    const { store, live, act } = setUp()
    open(store)
    act.replaceSession({ ...EMPTY_SESSION, text: TEXT, position: 2 })
    expect(live.calls.map(({ method }) => method)).toEqual(['tokenize'])
    await live.answerAll(1)
    expect(live.calls.slice(1).map(({ method }) => method)).toEqual(['neighbors', 'neighbors'])
    expect(live.calls[1].request).toMatchObject({ positions: [1, 2, 3, 4], k: 10 })
    expect(live.calls[2].request).toMatchObject({ positions: [2], k: 50 })
    await live.answerAll(1)
    expect(live.measured()).toEqual([[{ position: 2, tokenId: 21 }]])
    await live.answerAll()
    const state = store.getState()
    expect(state.sides[0].neighbors.value?.byPosition[0]).toEqual([])
    expect(state.sides[0].neighbors.value?.byPosition[3][0].tokenId).toBe(31)
    expect(state.sides[0].measurement.value?.measurement.substitutions).toEqual([
      { position: 2, tokenId: 21 },
    ])
    expect(state.sides[0].reading.value?.original).toHaveLength(3)
    expect(state.sides[0].reading.value?.perturbed[0].tokens[0].cosine).toBe(1)
    expect([...(state.sides[0].neighborMeasurements?.byToken.keys() ?? [])].slice(0, 8)).toEqual([
      21, 22, 23, 24, 25, 26, 27, 28,
    ])
    expect(neighborRows(state)[1]).toMatchObject({ tokenId: 22, rank: 2, distance: Math.sqrt(6) })
    expect(neighborRows(state)[20]).toMatchObject({ distance: null, difference: null })
  })

  it('measures the text itself where nothing is chosen, for its prediction', async () => {
    const { store, live } = await opened()
    expect(live.measured()[0]).toEqual([])
    expect(store.getState().sides[0].measurement.status).toBe('ready')
    expect(comparisonSeries(store.getState())).toEqual([])
  })

  it('asks for a typed token behind the listed ones, once, and shows it without a rank', async () => {
    const { store, live, act } = await opened()
    act.selectPosition(1)
    await live.answerAll()
    const before = live.calls.filter(({ method }) => method === 'neighbors').length
    act.chooseSubstitute(14)
    await live.answerAll()
    expect(live.calls.filter(({ method }) => method === 'neighbors')).toHaveLength(before)
    act.chooseSubstitute(777)
    expect(live.open.map(({ request }) => request)).toContainEqual(expect.objectContaining({ also: [777] }))
    await live.answerAll()
    const rows = neighborRows(store.getState())
    expect(rows).toHaveLength(51)
    expect(rows.at(-1)).toMatchObject({ tokenId: 777, rank: null, chosen: true })
    expect(store.getState().sides[0].neighborMeasurements?.byToken.has(777)).toBe(true)
  })

  it('tells a typed token from the nearest ones where the vocabulary has fewer than are listed', async () => {
    const { store, live, act } = await opened()
    const few = [30, 31].map((tokenId) => ({ ...neighborsAt(1, 1)[0], tokenId, cosine: 0.5 }))
    live.neighbors = async ({ positions, also = [] }) =>
      positions.map(() => [...few, ...also.map((tokenId) => ({ ...few[0], tokenId, cosine: 0.1 }))])
    act.selectPosition(1)
    act.chooseSubstitute(99)
    await live.answerAll()
    expect(neighborRows(store.getState()).map(({ tokenId, rank }) => [tokenId, rank])).toEqual([
      [30, 1],
      [31, 2],
      [99, null],
    ])
  })

  it('waits for a pause in typing, and tokenises only the last text', async () => {
    vi.useFakeTimers()
    const { store, live, act } = setUp(null, 150)
    open(store)
    for (const text of ['o', 'on', 'one']) {
      act.editText(text)
      vi.advanceTimersByTime(100)
    }
    expect(live.calls).toHaveLength(0)
    vi.advanceTimersByTime(60)
    expect(live.calls.map(({ request }) => request)).toEqual(['one'])
  })

  it('does not wait where the typing is committed', () => {
    const { store, live, act } = setUp(null, 10_000)
    open(store)
    act.editText('one two')
    act.commitText()
    expect(live.calls.map(({ request }) => request)).toEqual(['one two'])
  })

  it('clears all where the text is emptied', async () => {
    const { store, live, act } = await opened()
    act.selectPosition(1)
    await live.answerAll()
    act.editText('')
    const { tokenized, neighbors, chosenNeighbors, measurement, reading } = store.getState().sides[0]
    for (const resource of [tokenized, neighbors, chosenNeighbors, measurement, reading]) {
      expect(resource).toEqual({ status: 'idle', value: null, failure: null })
    }
  })

  it('drops a position that the text does not have, and says so', async () => {
    const { store, live, act } = await opened()
    act.replaceSession({
      ...EMPTY_SESSION,
      text: TEXT,
      position: 99,
      held: [
        { position: 0, tokenId: 5 },
        { position: 1, tokenId: 5 },
      ],
    })
    await live.answerAll()
    expect(store.getState().session).toMatchObject({ position: null, held: [{ position: 1, tokenId: 5 }] })
    expect(store.getState().notices).toHaveLength(1)
  })
})

describe('latest wins', () => {
  it('drops the answer for a former text', async () => {
    const { store, live, act } = setUp()
    open(store)
    act.replaceSession({ ...EMPTY_SESSION, text: 'one' })
    act.replaceSession({ ...EMPTY_SESSION, text: 'one two' })
    const [first, second] = live.open
    await second.resolve()
    await first.resolve()
    expect(store.getState().sides[0].tokenized.value?.text).toBe('one two')
  })

  it('drops a measurement that comes after another was chosen, and one that fails late', async () => {
    const { store, live, act } = await opened()
    act.selectPosition(1)
    await live.answerAll()
    act.chooseSubstitute(30)
    act.chooseSubstitute(31)
    const [first, second] = live.open.filter(({ options }) => options?.lane === 'measurement')
    await second.resolve()
    await first.reject({ kind: 'internal', message: 'late' })
    const { status, value } = store.getState().sides[0].measurement
    expect(status).toBe('ready')
    expect(value?.measurement.substitutions).toEqual([{ position: 1, tokenId: 31 }])
  })

  it('keeps the former measurement in sight while the next one of the same text comes', async () => {
    const { store, live, act } = await opened()
    act.selectPosition(1)
    await live.answerAll()
    act.chooseSubstitute(40)
    const { status, value } = store.getState().sides[0].measurement
    expect(status).toBe('loading')
    expect(value?.measurement.substitutions).toEqual([{ position: 1, tokenId: 11 }])
    expect(comparisonSeries(store.getState())).toEqual([])
  })

  it('turns a rejection into a failure of that resource and leaves the rest', async () => {
    const { store, live, act } = await opened()
    act.selectPosition(1)
    await live.answerAll()
    act.chooseSubstitute(40)
    await live.open[0].reject({ kind: 'device-lost', message: 'gone' })
    const state = store.getState()
    expect(state.sides[0].measurement).toMatchObject({ status: 'error', failure: { kind: 'device-lost' } })
    expect(state.sides[0].measurement.value).not.toBeNull()
    expect(state.sides[0].neighbors.status).toBe('ready')
  })
})

describe('measuring ahead', () => {
  it('measures the top substitute of each token, those in sight first, one at a time', async () => {
    const { store, live, act } = setUp()
    open(store)
    act.setVisiblePositions([3])
    act.replaceSession({ ...EMPTY_SESSION, text: TEXT })
    await live.answerAll(3)
    const ahead = () => live.calls.filter(({ options }) => options?.priority === 'ahead')
    expect(ahead()).toHaveLength(1)
    await live.answerAll()
    expect(ahead().map(({ request }) => (request as MeasureRequest).substitutions[0].position)).toEqual([
      3, 1, 2, 4,
    ])
    expect(store.getState().measuredAhead).toBe(4)
  })

  it('waits while Corpus is shown', async () => {
    const { store, live, act } = setUp()
    open(store)
    act.replaceSession({ ...EMPTY_SESSION, text: TEXT, view: 'corpus' })
    await live.answerAll()
    const changes = () => live.measured().filter((substitutions) => substitutions.length > 0)
    expect(changes()).toEqual([])
    act.setView('explore')
    await live.answerAll()
    expect(changes()).toHaveLength(4)
  })

  it('measures where the pointer rests before the rest, and a click there joins it', async () => {
    const { store, live, act } = setUp()
    open(store)
    act.replaceSession({ ...EMPTY_SESSION, text: TEXT })
    await live.answerAll(3)
    act.considerChange({ position: 4, tokenId: null })
    await live.open[0].resolve()
    const [considered] = live.open
    expect((considered.request as MeasureRequest).substitutions).toEqual([{ position: 4, tokenId: 41 }])
    act.selectPosition(4)
    expect(live.open.filter(({ method }) => method === 'measure')).toEqual([considered])
    await live.answerAll()
    act.considerChange({ position: 4, tokenId: 49 })
    await live.answerAll()
    const before = live.measured().length
    act.chooseSubstitute(49)
    expect(store.getState().sides[0].measurement.value?.measurement.substitutions).toEqual([
      { position: 4, tokenId: 49 },
    ])
    expect(live.measured()).toHaveLength(before)
  })

  it('answers a click from memory without another call', async () => {
    const { store, live, act } = await opened()
    const before = live.measured().length
    act.selectPosition(3)
    expect(store.getState().sides[0].measurement.status).toBe('ready')
    expect(store.getState().sides[0].measurement.value?.measurement.substitutions).toEqual([
      { position: 3, tokenId: 31 },
    ])
    expect(live.measured()).toHaveLength(before)
    expect(live.open.map(({ method }) => method)).not.toContain('measure')
  })

  it('sends nothing new while the user waits', async () => {
    const { store, live, act } = setUp()
    open(store)
    act.replaceSession({ ...EMPTY_SESSION, text: TEXT })
    await live.answerAll(3)
    const [ahead] = live.open
    expect(ahead.options?.priority).toBe('ahead')
    act.selectPosition(4)
    await ahead.resolve()
    expect(live.open.map(({ options }) => options?.priority)).toEqual(['act', 'act'])
    const soon = () => live.calls.filter(({ options }) => options?.priority !== 'act').length
    const sent = soon()
    await live.open[0].resolve()
    expect(soon()).toBe(sent)
    await live.answerAll()
    expect(store.getState().measuredAhead).toBe(4)
  })

  it('joins a measurement under way, and asks again where that one was cancelled', async () => {
    const { store, live, act } = setUp()
    open(store)
    act.replaceSession({ ...EMPTY_SESSION, text: TEXT })
    await live.answerAll(3)
    const [ahead] = live.open
    act.selectPosition(1)
    expect(live.open.filter(({ method }) => method === 'measure')).toEqual([ahead])
    await ahead.reject({ kind: 'cancelled', message: 'Stopped.' })
    const [again] = live.open.filter(({ method }) => method === 'measure')
    expect(again.options).toEqual({ priority: 'act', lane: 'measurement' })
    await live.answerAll()
    expect(store.getState().sides[0].measurement.status).toBe('ready')
  })

  it('asks what failed again with the next thing that the user does', async () => {
    const { store, live, act } = await opened()
    act.selectPosition(1)
    await live.answerAll()
    act.chooseSubstitute(999)
    const [failing] = live.open.filter(({ options }) => options?.lane === 'measurement')
    await failing.reject({ kind: 'out-of-memory', message: 'full' })
    expect(store.getState().sides[0].measurement).toMatchObject({
      status: 'error',
      failure: { message: 'full' },
    })
    act.setNorm('l1')
    await live.answerAll()
    expect(store.getState().sides[0].measurement).toMatchObject({ status: 'ready', failure: null })
  })

  it('looks at nothing while a run over a corpus or a download goes on', async () => {
    const { store, live } = await opened()
    const read = vi.fn(Reflect.get)
    store.setState(({ session }) => ({ session: new Proxy<Session>(session, { get: read }) }))
    await live.answerAll()
    read.mockClear()
    store.setState(({ corpus }) => ({ corpus: { ...corpus, hovered: null } }))
    store.setState((state) => ({
      model: { ...state.model, progress: { stage: 'files', loadedBytes: 1, totalBytes: 2 } },
    }))
    expect(read).not.toHaveBeenCalled()
  })

  it('gives up what fails, and goes on with the rest', async () => {
    const { store, live, act } = setUp()
    open(store)
    act.replaceSession({ ...EMPTY_SESSION, text: TEXT })
    await live.answerAll(3)
    await live.open[0].reject({ kind: 'internal', message: 'no' })
    await live.answerAll()
    expect(store.getState().measuredAhead).toBe(3)
    expect(live.calls.filter(({ options }) => options?.priority === 'ahead')).toHaveLength(4)
  })
})

describe('pins', () => {
  it('measures a pin of another text, and keeps it when the text changes', async () => {
    const { store, live, act } = await opened()
    act.selectPosition(2)
    await live.answerAll()
    act.pin()
    expect(store.getState().pinned[0].measurement.status).toBe('ready')
    act.replaceSession({ ...store.getState().session, text: 'other words here', position: null })
    await live.answerAll()
    const { pinned } = store.getState()
    expect(pinned[0].tokenized?.text).toBe(TEXT)
    expect(comparisonSeries(store.getState())).toMatchObject([
      { label: 'bb → t21', color: 0, pin: 0, active: false },
    ])
  })

  it('opens pins from a link: their texts are tokenised and measured', async () => {
    const { store, live, act } = await opened()
    const pin = { text: 'x yy', substitutions: [{ position: 1, tokenId: 9 }], color: 3 }
    act.replaceSession({ ...EMPTY_SESSION, text: TEXT, pins: [pin] })
    await live.answerAll()
    expect(store.getState().pinned[0].measurement.value?.substitutions).toEqual(pin.substitutions)
    act.showPin(0)
    await live.answerAll()
    expect(store.getState().session).toMatchObject({ text: 'x yy', position: 1, tokenId: 9 })
    expect(comparisonSeries(store.getState())).toMatchObject([{ color: 3, pin: 0, active: true }])
  })
})

describe('two substitutions at once', () => {
  it('holds one, measures the other on top, and releases', async () => {
    const { store, live, act } = await opened()
    act.selectPosition(1)
    await live.answerAll()
    act.holdSubstitution()
    act.selectPosition(2)
    await live.answerAll()
    const both = [
      { position: 1, tokenId: 11 },
      { position: 2, tokenId: 21 },
    ]
    expect(activeSubstitutions(store.getState())).toEqual(both)
    expect(store.getState().sides[0].measurement.value?.measurement.substitutions).toEqual(both)
    act.selectPosition(1)
    expect(store.getState().session).toMatchObject({ held: [], position: 1, tokenId: 11 })
  })
})

describe('results on demand', () => {
  it('reads a column when the pointer stands there, again from memory, and anew after another change', async () => {
    const { store, live, act } = await opened()
    act.selectPosition(1)
    await live.answerAll()
    const columns = () => live.calls.filter(({ options }) => options?.lane?.startsWith('column')).length
    act.readColumn(3)
    await live.answerAll()
    expect(store.getState().sides[0].columnReadings?.byPosition.get(3)?.original).toHaveLength(3)
    act.readColumn(2)
    await live.answerAll()
    act.readColumn(3)
    expect(columns()).toBe(4)
    act.selectPosition(2)
    expect(store.getState().sides[0].columnReadings).toBeNull()
    await live.answerAll()
    expect([...(store.getState().sides[0].columnReadings?.byPosition.keys() ?? [])]).toEqual([3])
  })

  it('reads the last layer while its panel is open', async () => {
    const { store, live, act } = await opened()
    act.selectPosition(1)
    await live.answerAll()
    expect(store.getState().sides[0].lastLayer.status).toBe('idle')
    act.want('lastLayer', true)
    await live.answerAll()
    expect(store.getState().sides[0].lastLayer.value?.original.map(({ layer }) => layer)).toEqual([
      2, 2, 2, 2, 2, 2,
    ])
    act.want('lastLayer', false)
    expect(store.getState().sides[0].lastLayer.status).toBe('idle')
  })
})

describe('before the model is open', () => {
  const shippedProvenance = { ...PROVENANCE, shipped: true }

  function createShipped(): ShippedExplorer {
    const notReady = () => fail('not-ready', 'not shipped')
    return {
      info: () => INFO,
      tokenize: async (text) => (text === TEXT ? tokenizeWords(text) : notReady()),
      neighbors: async ({ positions, k }) => positions.map((position) => neighborsAt(position, k)),
      measure: async ({ inputIds, substitutions }) =>
        substitutions.every(({ position }) => position === 2)
          ? measurementOf(inputIds.length, substitutions, shippedProvenance)
          : notReady(),
      closestTokens: async () => notReady(),
      predictTokens: async () => notReady(),
      tokenLikelihoods: async () => notReady(),
      patch: async () => notReady(),
      answersByLayer: async () => notReady(),
    }
  }
  const settled = () => new Promise((resolve) => setTimeout(resolve, 5))

  it('answers from what is shipped, and waits for the rest', async () => {
    const { store, live, act } = setUp(createShipped())
    act.replaceSession({ ...EMPTY_SESSION, text: TEXT, position: 2 })
    await settled()
    expect(live.calls).toHaveLength(0)
    expect(store.getState().sides[0].measurement.value?.measurement.provenance.shipped).toBe(true)
    expect(provenanceLine(store.getState())).toBe(
      'Shipped with the page: tiny · fp32 · test · distances to 4 digits',
    )
    expect(store.getState().shippedInfo).toBe(INFO)
    expect(store.getState().sides[0].reading).toMatchObject({
      status: 'loading',
      failure: { kind: 'not-ready' },
    })
    act.selectPosition(3)
    await settled()
    expect(store.getState().sides[0].measurement).toMatchObject({
      status: 'loading',
      failure: { kind: 'not-ready' },
    })
  })

  it('asks everything again when the model opens, without a gap in what is shown', async () => {
    const { store, live, act } = setUp(createShipped())
    act.replaceSession({ ...EMPTY_SESSION, text: TEXT, position: 2 })
    await settled()
    const seen: string[] = []
    const shownRows = () => neighborRows(store.getState()).filter(({ distance }) => distance !== null).length
    const shipped = shownRows()
    expect(shipped).toBeGreaterThan(1)
    const gaps: number[] = []
    store.subscribe(({ sides: [{ measurement, neighbors, tokenized }] }) => {
      seen.push(measurement.status, neighbors.status, tokenized.status)
      if (shownRows() < shipped) gaps.push(shownRows())
    })
    open(store)
    await live.answerAll()
    expect(new Set(seen)).toEqual(new Set(['ready']))
    expect(gaps, 'measured rows of the table, fewer than were shipped').toEqual([])
    const measured = [...(store.getState().sides[0].neighborMeasurements?.byToken.values() ?? [])]
    expect(measured.length).toBeGreaterThanOrEqual(shipped)
    expect(measured.filter(({ provenance }) => provenance.shipped)).toEqual([])
    expect(store.getState().sides[0].measurement.value?.measurement.provenance.shipped).toBe(false)
    expect(store.getState().sides[0].reading.status).toBe('ready')
    expect(store.getState().measuredAhead).toBe(4)
    expect(chosenTokenId(store.getState())).toBe(21)
  })

  it('waits without a word where nothing is shipped, then goes on by itself', async () => {
    const { store, live, act } = setUp(null)
    act.replaceSession({ ...EMPTY_SESSION, text: 'one two' })
    await settled()
    expect(store.getState().sides[0].tokenized).toMatchObject({
      status: 'loading',
      failure: { kind: 'not-ready' },
    })
    open(store)
    await live.answerAll()
    expect(store.getState().sides[0].tokenized.status).toBe('ready')
  })
})

it('drops what is under way once disconnected', async () => {
  const { store, live, act } = setUp()
  open(store)
  act.replaceSession({ ...EMPTY_SESSION, text: TEXT })
  disconnects.pop()?.()
  await live.answerAll()
  expect(store.getState().sides[0].tokenized.value).toBeNull()
  expect(live.calls).toHaveLength(1)
})
