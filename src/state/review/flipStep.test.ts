import { afterEach, describe, expect, it } from 'vitest'
import type { MeasureRequest, ModelInfo } from '../../core/explorer'
import { type Substitution, substituteTokens } from '../../core/measures/substitution'
import type { TokenPredictionRequest } from '../../core/measures/tokenPrediction'
import { EMPTY_SESSION } from '../../core/session/session'
import { withHead } from '../compare/compareFixture'
import { connectExplorer } from '../explore/explore'
import {
  createTestExplorer,
  INFO,
  measurementOf,
  predictionOf,
  tokenizeWords,
} from '../explore/explorerFixture'
import type { ManyVariants } from '../explore/questions/exploreContext'
import { createAppStore } from '../store'
import { flipKind, flipSearch, mostForwards } from './flipSelectors'

const TEXT = 'a bb ccc dddd'
const IDS = tokenizeWords(TEXT).tokens.map(({ id }) => id)
const SETTINGS = { most: 3, neighbors: 2, beam: 1 }

const disconnects: (() => void)[] = []
afterEach(() => {
  for (const disconnect of disconnects.splice(0)) disconnect()
})

/** Lets what waits for nobody go on. */
const settled = () => new Promise<void>((resolve) => setTimeout(resolve, 20))

/** Returns the logits of a text: each substitution of position 2 or 4 takes a part of the lead, 3 and 1 none. */
function logitsOf(changes: readonly Substitution[]): [number, number] {
  const taken = changes.reduce((sum, { position }) => sum + (position % 2 === 0 ? position / 5 : 0), 0)
  return [0, 1 - taken]
}

interface Options {
  readonly info?: ModelInfo
  readonly batches?: boolean
  /** Value that a batch gives in place of the logits measured alone. */
  readonly rounded?: (logit: number) => number
  readonly gate?: () => Promise<void>
}

async function setUp({ info = INFO, batches = true, rounded = (logit) => logit, gate }: Options = {}) {
  const store = createAppStore()
  const live = createTestExplorer()
  const alone: (readonly Substitution[])[] = []
  const predicted: (readonly Substitution[])[] = []
  const many: number[] = []
  live.measure = async ({ inputIds, substitutions }: MeasureRequest) => {
    alone.push(substitutions)
    return {
      ...measurementOf(inputIds.length, substitutions),
      logits: info.labels.length > 0 ? { before: logitsOf([]), after: logitsOf(substitutions) } : null,
    }
  }
  live.predictTokens = async (request: TokenPredictionRequest) => {
    predicted.push(request.substitutions)
    const moved = request.substitutions.length > 1
    const prediction = predictionOf({ ...request, substitutions: moved ? request.substitutions : [] })
    return { ...prediction, flips: moved }
  }
  const variants: ManyVariants = {
    maskId: async () => 99,
    measureVariants: async (inputIds, changed) => {
      await gate?.()
      many.push(changed.length)
      const after = changed.flatMap((variant) => {
        const ids = variant.removed === undefined ? variant.inputIds : []
        const changes = ids.flatMap((tokenId, position) =>
          tokenId === inputIds[position] ? [] : [{ position, tokenId }],
        )
        expect(substituteTokens(inputIds, changes)).toEqual(ids)
        return logitsOf(changes).map(rounded)
      })
      return {
        shifts: new Float32Array(3 * changed.length),
        distances: new Float32Array(3 * changed.length),
        ownDistances: new Float32Array(3 * changed.length),
        logitsBefore: Float32Array.from(logitsOf([])),
        logitsAfter: Float32Array.from(after),
      }
    },
  }
  disconnects.push(
    connectExplorer(store, {
      live: () => live,
      ...(batches && { variants: () => variants }),
      shipped: null,
      typingPause: 0,
    }),
  )
  store.setState(({ model }) => ({ model: { ...model, status: 'ready', info } }))
  store.getState().replaceSession({ ...EMPTY_SESSION, text: TEXT })
  await live.answerAll()
  await settled()
  for (const list of [alone, predicted]) list.length = 0
  return { store, act: store.getState(), alone, predicted, many }
}

describe('the search for a flip', () => {
  it('measures many changes in one forward, and holds the path that it finds', async () => {
    const { store, act, many } = await setUp()
    expect(mostForwards(store.getState(), 0, SETTINGS)).toBe(8 + 6 + 4)
    act.searchFlips(SETTINGS)
    await settled()
    const search = flipSearch(store.getState())
    expect(search?.task.status).toBe('done')
    expect(search?.result?.found?.changes).toEqual([
      { position: 4, tokenId: 41 },
      { position: 2, tokenId: 21 },
    ])
    expect(search?.result?.proven).toBe(true)
    expect(Math.max(...many)).toBeGreaterThan(1)
    expect(store.getState().session.held).toEqual(search?.result?.found?.changes)
    act.undo()
    expect(store.getState().session.held).toEqual([])
  })

  it('measures alone what rounding could turn', async () => {
    // Alone, the last position leaves a lead of 0.2; in a batch, here, a little less than none.
    const rounded = (logit: number) => (Math.abs(logit - 0.2) < 0.01 ? -1e-5 : logit)
    const { store, act, alone } = await setUp({ rounded })
    act.searchFlips({ ...SETTINGS, most: 1 })
    await settled()
    expect(alone).toEqual([[{ position: 4, tokenId: 42 }]])
    expect(flipSearch(store.getState())?.result?.found).toBeNull()
    expect(flipSearch(store.getState())?.result?.proven).toBe(true)
  })

  it('leaves what the user explores meanwhile as it is', async () => {
    let release: () => void = () => undefined
    const gate = () =>
      new Promise<void>((resolve) => {
        release = resolve
      })
    const { store, act } = await setUp({ gate })
    act.searchFlips(SETTINGS)
    await settled()
    act.selectPosition(1)
    for (let i = 0; i < 5; i++) {
      release()
      await settled()
    }
    expect(flipSearch(store.getState())?.result?.found).not.toBeNull()
    expect(store.getState().session).toMatchObject({ held: [], position: 1 })
  })

  it('stops at once, keeps what it measured, and goes on from there', async () => {
    let open = true
    let release: () => void = () => undefined
    const gate = () =>
      open
        ? Promise.resolve()
        : new Promise<void>((resolve) => {
            release = resolve
          })
    const { store, act, many } = await setUp({ gate })
    act.searchFlips({ ...SETTINGS, most: 1 })
    await settled()
    expect(flipSearch(store.getState())?.result).toMatchObject({ found: null, measured: 8 })
    open = false
    act.searchFlips(SETTINGS)
    await settled()
    expect(flipSearch(store.getState())?.task.status).toBe('running')
    act.searchFlips(null)
    expect(flipSearch(store.getState())).toMatchObject({ task: { status: 'stopped' }, result: null })
    expect(flipSearch(store.getState())?.last?.closest?.changes).toHaveLength(1)
    release()
    await settled()
    expect(flipSearch(store.getState())?.task.status).toBe('stopped')
    open = true
    const before = many.reduce((sum, count) => sum + count, 0)
    act.searchFlips(SETTINGS)
    await settled()
    expect(flipSearch(store.getState())?.result?.found?.changes).toHaveLength(2)
    // The changes of one were all known.
    expect(flipSearch(store.getState())?.result?.measured).toBeLessThanOrEqual(6)
    expect(many.reduce((sum, count) => sum + count, 0) - before).toBeLessThanOrEqual(6)
  })

  it('ends with its text, and shows nothing of another', async () => {
    const { store, act } = await setUp({ gate: () => new Promise(() => undefined) })
    act.searchFlips(SETTINGS)
    await settled()
    act.editText('x y')
    act.commitText()
    expect(flipSearch(store.getState())).toBeNull()
    expect(store.getState().sides[0].flips?.task.status).toBe('stopped')
  })

  it('asks a language model for the token at its place, and takes no candidate there', async () => {
    const { store, act, predicted } = await setUp({ info: withHead(INFO, 'masked-lm', IDS[4]) })
    expect(flipKind(store.getState())).toBe('mask')
    act.searchFlips(SETTINGS)
    await settled()
    expect(flipSearch(store.getState())?.result?.found?.changes).toHaveLength(2)
    expect(predicted.flat().some(({ position }) => position === 4)).toBe(false)
  })

  it('says what has no flip', async () => {
    const scores = { ...withHead(INFO, 'classification'), labels: ['STARS'] }
    const regression = { ...scores, details: { ...scores.details, prediction: 'score' } } as ModelInfo
    const { store, act } = await setUp({ info: regression })
    expect(flipKind(store.getState())).toBe('score')
    act.searchFlips(SETTINGS)
    await settled()
    expect(store.getState().sides[0].flips).toBeNull()
    store.setState(({ model }) => ({ model: { ...model, info: withHead(INFO, 'none') } }))
    expect(flipKind(store.getState())).toBe('none')
  })
})
