import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { FailureError } from '../../core/failure'
import { layerwiseDistances } from '../../core/measures/measurement'
import { substitutionsKey } from '../../core/measures/substitution'
import type { Session } from '../../core/session/session'
import { activeMeasurement } from '../explore/comparisonSelectors'
import { INFO, measurementOf } from '../explore/explorerFixture'
import { ready } from '../resource'
import { activeLastLayer, activeReading, neighborRows, tokenShifts } from '../selectors'
import { OTHER, OWN, withSide } from '../side/side'
import { currentTokens } from '../side/sideTokens'
import type { AppStore } from '../storeTypes'
import { exportComparisonCsv, exportComparisonJson } from './compareExports'
import {
  answerFirstSide,
  createComparedStore,
  explorerOf,
  PIECES,
  SECOND,
  TEXT,
  WORDS,
} from './compareFixture'
import { comparedTable } from './compareSelectors'
import { counterparts } from './counterparts'
import { connectSecondSide } from './secondSide'

const settle = () => new Promise((resolve) => setTimeout(resolve, 0))

describe('the second side', () => {
  let store: AppStore
  let first: ReturnType<typeof explorerOf>
  let second: ReturnType<typeof explorerOf>
  let disconnect: () => void
  const state = () => store.getState()

  const answerFirst = (session: Partial<Session>) => answerFirstSide(store, session)

  beforeEach(() => {
    store = createComparedStore()
    first = explorerOf(WORDS, 7)
    second = explorerOf(PIECES, 9)
    disconnect = connectSecondSide(store, { first: () => first, second: () => second, typingPause: 0 })
  })
  afterEach(() => disconnect())

  it('asks nothing before there is a comparison', async () => {
    answerFirst({ position: 2, tokenId: 7 })
    await settle()
    expect(first.tokenize).not.toHaveBeenCalled()
    expect(second.tokenize).not.toHaveBeenCalled()
    expect(counterparts(state(), OTHER)).toBeNull()
  })

  it('makes the same change where the other vocabulary has the token', async () => {
    answerFirst({ position: 2, tokenId: 7, comparison: SECOND })
    await settle()
    expect(counterparts(state(), OTHER)).toMatchObject([
      { opposite: [2], at: 2, how: 'same', substitution: { position: 2, tokenId: 7 }, chosen: true },
    ])
    expect(activeMeasurement(state(), OTHER)?.substitutions).toEqual([{ position: 2, tokenId: 7 }])
    expect(first.measure).not.toHaveBeenCalled()
  })

  it('takes its own nearest where the token is missing, at the first of those opposite', async () => {
    answerFirst({ position: 4, tokenId: 9, comparison: SECOND })
    await settle()
    expect(counterparts(state(), OTHER)).toMatchObject([
      { opposite: [4, 5], at: 4, how: 'nearest', sameId: null, substitution: { position: 4, tokenId: 9 } },
    ])
  })

  it('takes its own nearest on request, and measures nothing twice', async () => {
    answerFirst({ position: 2, tokenId: 7, comparison: SECOND })
    await settle()
    state().setOwnNearest(true)
    await settle()
    expect(activeMeasurement(state(), OTHER)?.substitutions).toEqual([{ position: 2, tokenId: 9 }])
    state().undo()
    await settle()
    expect(activeMeasurement(state(), OTHER)?.substitutions).toEqual([{ position: 2, tokenId: 7 }])
    expect(second.measure).toHaveBeenCalledTimes(2)
    expect(second.neighbors).toHaveBeenCalledTimes(1)
  })

  it('waits until the first side is measured', async () => {
    answerFirst({ position: 2, tokenId: 7, comparison: SECOND })
    const tokenized = currentTokens(state())
    if (!tokenized) throw new TypeError('the first side is not read')
    store.setState((present) =>
      withSide(present, OWN, { measurement: ready({ tokenized, measurement: measurementOf(6, []) }) }),
    )
    await settle()
    second.measure.mockClear()
    state().chooseSubstitute(3)
    await settle()
    expect(second.measure).not.toHaveBeenCalled()
    expect(activeMeasurement(state(), OTHER)).toBeNull()
    answerFirst({ tokenId: 3 })
    await settle()
    expect(second.measure).toHaveBeenCalledTimes(1)
  })

  it('changes held tokens too, and says where there is no counterpart', async () => {
    const text = `${TEXT} ok`
    answerFirst({ text, held: [{ position: 2, tokenId: 7 }], position: 4, tokenId: 3, comparison: SECOND })
    await settle()
    expect(substitutionsKey(activeMeasurement(state(), OTHER)?.substitutions ?? [])).toBe('2:7,4:2')
    store.setState(({ session }) => ({
      session: { ...session, comparison: { model: null, text: 'was it', ownNearest: false } },
    }))
    await settle()
    expect(counterparts(state(), OTHER)).toMatchObject([
      { at: null, substitution: null },
      { at: null, substitution: null },
    ])
    // The second text is then read as it is, and nothing is compared.
    expect(activeMeasurement(state(), OTHER)?.substitutions).toEqual([])
    expect(comparedTable(state())).toBeNull()
  })

  it('of a second text is read and measured by the first model, and follows while it is typed', async () => {
    answerFirst({ position: 2, tokenId: 7 })
    state().compareTexts()
    await settle()
    expect(activeMeasurement(state(), OTHER)?.substitutions).toEqual([{ position: 2, tokenId: 7 }])
    state().editSecondText('was the film')
    state().editSecondText('was the film good')
    await new Promise((resolve) => setTimeout(resolve, 20))
    expect(first.tokenize.mock.lastCall).toEqual(['was the film good'])
    expect(activeMeasurement(state(), OTHER)?.substitutions).toEqual([{ position: 3, tokenId: 7 }])
    state().commitText()
    state().undo()
    expect(state().session.comparison?.text).toBe(TEXT)
    state().undo()
    expect(state().session.comparison).toBeNull()
    await settle()
    expect(state().sides[OTHER].measurement.value).toBeNull()
    expect(second.tokenize).not.toHaveBeenCalled()
  })

  it('is asked what its panels show, once they are open, and no more when they are closed', async () => {
    answerFirst({ position: 2, tokenId: 7, comparison: SECOND })
    await settle()
    const side = () => state().sides[OTHER]
    expect(side()).toMatchObject({ reading: { status: 'idle' }, neighbors: { status: 'idle' } })
    state().want('reading', true, OTHER)
    state().want('lastLayer', true, OTHER)
    state().want('shifts', true, OTHER)
    state().want('substitutes', true, OTHER)
    state().readColumn(3, OTHER)
    await settle()
    expect(activeReading(state(), OTHER)).toMatchObject({
      position: 2,
      substitutions: [{ position: 2, tokenId: 7 }],
    })
    expect(activeLastLayer(state(), OTHER)?.tokenized).toBe(currentTokens(state(), OTHER))
    expect([...(side().columnReadings?.byPosition.keys() ?? [])]).toEqual([3])
    expect(tokenShifts(state(), OTHER)?.leastImpactful).toHaveLength(5)
    const rows = neighborRows(state(), OTHER)
    expect(rows.map(({ token, chosen, rank }) => [token, chosen, rank])).toEqual([
      ['Ġbad', false, 1],
      ['Ġmovie', true, null],
    ])
    expect(rows[1].distance).toBeCloseTo(7 * Math.sqrt(7))
    expect(first.closestTokens).not.toHaveBeenCalled()
    state().want('reading', false, OTHER)
    expect(side().reading).toMatchObject({ status: 'idle', value: null })
  })

  it('shows nothing of one model under the name of another', async () => {
    answerFirst({ position: 2, tokenId: 7, comparison: SECOND })
    await settle()
    store.setState(({ compare }) => ({
      compare: { ...compare, model: { ...compare.model, info: { ...INFO, id: './third' } } },
      session: { ...state().session, comparison: { ...SECOND, model: { id: './third', sha256: '' } } },
    }))
    store.setState(({ compare }) => ({ compare: { ...compare, model: { ...compare.model, opened: 2 } } }))
    await settle()
    expect(second.tokenize).toHaveBeenCalledTimes(2)
    expect(second.measure).toHaveBeenCalledTimes(2)
  })

  it('says what failed, and keeps what was there', async () => {
    second.measure.mockRejectedValueOnce(new FailureError({ kind: 'out-of-memory', message: 'too much' }))
    answerFirst({ position: 2, tokenId: 7, comparison: SECOND })
    await settle()
    expect(state().sides[OTHER].measurement).toMatchObject({
      status: 'error',
      failure: { message: 'too much' },
    })
  })

  it('is exported with both provenances and both sides by layer', async () => {
    answerFirst({ position: 2, tokenId: 7, comparison: SECOND })
    expect(exportComparisonJson(state())).toBeNull()
    await settle()
    const { first: ours, second: theirs, opposite, table } = JSON.parse(exportComparisonJson(state()) ?? '')
    expect(ours.provenance.modelId).toBe('tiny')
    expect(theirs.provenance.modelId).toBe('of <s>')
    expect(theirs.substitute.token).toBe('Ġmovie')
    expect(opposite).toEqual([{ first: 2, second: [2], how: 'same' }])
    const measurement = activeMeasurement(state(), OTHER)
    const expected = measurement ? layerwiseDistances(measurement).map(({ distance }) => distance) : []
    expect(table.layers.map(({ distance }: { distance: { second: number } }) => distance.second)).toEqual(
      expected,
    )
    expect(exportComparisonCsv(state())).toContain('substitutions,,,film → movie,film → movie')
  })
})
