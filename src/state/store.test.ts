import { beforeEach, describe, expect, it } from 'vitest'
import { NO_FILTERS } from '../core/measures/neighbor'
import { EMPTY_SESSION, MAX_PINS, type Session } from '../core/session/session'
import { INFO, measurementOf, neighborsAt, tokenizeWords } from './explore/explorerFixture'
import { EXAMPLES } from './learn/examples'
import { idle, loading, ready } from './resource'
import { activeSubstitutions, canRedo, canUndo, comparisonSeries } from './selectors'
import { MAX_STEPS } from './session/history'
import { nextPinColor } from './session/sessionEdits'
import { OWN, withSide } from './side/side'
import { createAppStore } from './store'
import type { AppStore } from './storeTypes'

const TEXT = 'a bb ccc dddd'
let store: AppStore
const session = () => store.getState().session
const act = () => store.getState()

beforeEach(() => {
  store = createAppStore()
  act().replaceSession({ ...EMPTY_SESSION, text: TEXT }, { undoable: false })
  const tokenized = tokenizeWords(TEXT)
  store.setState((state) =>
    withSide(state, OWN, {
      tokenized: ready(tokenized),
      neighbors: ready({
        tokenized,
        filters: NO_FILTERS,
        byPosition: tokenized.tokens.map(({ special }, at) => (special ? [] : neighborsAt(at, 10))),
      }),
    }),
  )
})

describe('undo and redo', () => {
  it('takes back each step and brings it again', () => {
    const seen: Session[] = [session()]
    const steps = [
      () => act().selectPosition(2),
      () => act().chooseSubstitute(77),
      () => act().setNorm('linf'),
      () => act().setFilters({ unused: true }),
      () => act().pin(),
      () => act().holdSubstitution(),
      () => act().selectPosition(3),
      () => act().releaseSubstitution(2),
      () => act().unpin(0),
      () => act().compareTexts(),
      () => act().setOwnNearest(true),
      () => act().openExample('borrowed-twist'),
      () => act().closeComparison(),
    ]
    for (const step of steps) {
      step()
      expect(session()).not.toEqual(seen.at(-1))
      seen.push(session())
    }
    for (const former of seen.slice(0, -1).reverse()) {
      act().undo()
      expect(session()).toEqual(former)
    }
    expect(canUndo(act())).toBe(false)
    act().undo()
    for (const next of seen.slice(1)) {
      act().redo()
      expect(session()).toEqual(next)
    }
    expect(canRedo(act())).toBe(false)
  })

  it('counts a run of typing as one step', () => {
    act().selectPosition(2)
    for (const text of ['x', 'xy', 'xyz']) act().editText(text)
    expect(session()).toMatchObject({ text: 'xyz', position: null })
    expect(canUndo(act())).toBe(true)
    act().commitText()
    act().undo()
    expect(session()).toMatchObject({ text: TEXT, position: 2 })
    act().redo()
    expect(session().text).toBe('xyz')
  })

  it('counts a run of typing in the text beside as one step, and none where it is what it was', () => {
    act().compareTexts()
    expect(session().comparison).toEqual({ model: null, text: TEXT, ownNearest: false })
    for (const text of ['x', 'xy']) act().editSecondText(text)
    act().commitText()
    expect(session()).toMatchObject({ text: TEXT, comparison: { text: 'xy' } })
    const steps = act().history.past.length
    act().editSecondText('xyz')
    act().editSecondText('xy')
    act().commitText()
    expect(act().history.past).toHaveLength(steps)
    act().undo()
    expect(session().comparison?.text).toBe(TEXT)
    act().undo()
    expect(session().comparison).toBeNull()
  })

  it('undoes typing that was not committed, and commits it before another step', () => {
    act().editText('x')
    act().undo()
    expect(session().text).toBe(TEXT)
    act().editText('y')
    act().setNorm('l1')
    act().undo()
    expect(session()).toMatchObject({ text: 'y', norm: 'l2' })
  })

  it('gives back what was chosen where typing ends with the same text', () => {
    act().selectPosition(2)
    const before = session()
    act().editText('x')
    act().editText(TEXT)
    expect(session().position).toBeNull()
    act().commitText()
    expect(session()).toBe(before)
  })

  it('makes no step of what changes nothing', () => {
    const { past } = act().history
    act().selectPosition(null)
    act().chooseSubstitute(5)
    act().setNorm('l2')
    act().setFilters({ special: false })
    act().releaseSubstitution(1)
    act().unpin(0)
    act().openExample('no such')
    act().pin()
    expect(act().history.past).toEqual(past)
  })

  it('drops the future on a new step, and the oldest steps beyond the limit', () => {
    act().selectPosition(1)
    act().undo()
    act().selectPosition(2)
    expect(canRedo(act())).toBe(false)
    for (let i = 0; i < MAX_STEPS + 10; i++) act().chooseSubstitute(i)
    expect(act().history.past).toHaveLength(MAX_STEPS)
  })
})

describe('substitutions and pins', () => {
  it('holds the nearest neighbour by its id, so that filters do not change it', () => {
    act().selectPosition(2)
    act().holdSubstitution()
    expect(session()).toMatchObject({ held: [{ position: 2, tokenId: 21 }], position: null })
    store.setState((state) => withSide(state, OWN, { neighbors: idle() }))
    expect(activeSubstitutions(act())).toEqual([{ position: 2, tokenId: 21 }])
  })

  it('does not hold or pin what is not known yet', () => {
    store.setState((state) => withSide(state, OWN, { neighbors: loading() }))
    act().selectPosition(2)
    act().holdSubstitution()
    act().pin()
    expect(session()).toMatchObject({ held: [], position: 2, pins: [] })
  })

  it('pins once, in a colour of its own that stays', () => {
    for (const position of [1, 2, 3]) {
      act().selectPosition(position)
      act().pin()
      act().pin()
    }
    expect(session().pins.map(({ color }) => color)).toEqual([0, 1, 2])
    act().unpin(1)
    expect(session().pins.map(({ color }) => color)).toEqual([0, 2])
    expect(nextPinColor(session().pins)).toBe(1)
    act().showPin(0)
    expect(session()).toMatchObject({ text: TEXT, position: 1, tokenId: 11 })
  })

  it('says so when there is no more room for pins', () => {
    const pins = Array.from({ length: MAX_PINS }, (_, tokenId) => ({
      text: 'x',
      substitutions: [{ position: 1, tokenId }],
      color: 0,
    }))
    act().replaceSession({ ...session(), pins, position: 1 })
    act().pin()
    expect(session().pins).toHaveLength(MAX_PINS)
    expect(act().notices).toHaveLength(1)
  })

  it('gives the same line for the same state, and one line for a change that is pinned', () => {
    act().selectPosition(2)
    const measurement = measurementOf(6, [{ position: 2, tokenId: 21 }])
    store.setState((state) =>
      withSide(state, OWN, { measurement: ready({ tokenized: tokenizeWords(TEXT), measurement }) }),
    )
    const series = comparisonSeries(act())
    expect(series).toMatchObject([{ label: 'bb → t21', color: 0, pin: null, active: true }])
    act().notify({ tone: 'info', text: 'x' })
    expect(comparisonSeries(act())).toBe(series)
    act().pin()
    store.setState({
      pinned: [
        {
          pin: session().pins[0],
          tokenized: act().sides[0].tokenized.value,
          measurement: ready(measurement),
        },
      ],
    })
    expect(comparisonSeries(act())).toMatchObject([{ color: 0, pin: 0, active: true }])
  })
})

describe('sessions from elsewhere', () => {
  it('are those of the open model, with a notice where another made them', () => {
    store.setState(({ model }) => ({ model: { ...model, info: INFO } }))
    act().replaceSession({ ...EMPTY_SESSION, model: { id: 'other', sha256: 'b'.repeat(64) } })
    expect(session().model).toEqual({ id: 'tiny', sha256: 'a'.repeat(64) })
    expect(act().notices[0].text).toMatch(/other \(bbbbbbbb\).*tiny \(aaaaaaaa\)/)
  })
})

describe('examples', () => {
  it('open with their default token and keep the pins', () => {
    act().selectPosition(2)
    act().pin()
    act().openExample(EXAMPLES[0].slug)
    expect(session()).toMatchObject({ text: EXAMPLES[0].text, position: EXAMPLES[0].position, tokenId: null })
    expect(session().pins).toHaveLength(1)
  })
})

describe('notices', () => {
  it('are not said twice, are few, and go', () => {
    for (const text of ['a', 'b', 'a', 'c', 'd', 'e', 'f']) act().notify({ tone: 'info', text })
    expect(act().notices.map(({ text }) => text)).toEqual(['a', 'c', 'd', 'e', 'f'])
    act().dismissNotice(act().notices[0].id)
    expect(act().notices.map(({ text }) => text)).toEqual(['c', 'd', 'e', 'f'])
  })
})
