import { afterEach, describe, expect, it } from 'vitest'
import type { MeasureRequest, ModelInfo } from '../../core/explorer'
import { EMPTY_SESSION, type Session } from '../../core/session/session'
import { withHead } from '../compare/compareFixture'
import { connectExplorer } from '../explore/explore'
import { createTestExplorer, INFO, measurementOf } from '../explore/explorerFixture'
import { textSubstitutes } from '../side/substitutes'
import { createAppStore } from '../store'
import { answerKind } from './answerKind'
import { reviewTint, shownTint, tokenEffects } from './tint'

const TEXT = 'a bb ccc dddd'

const disconnects: (() => void)[] = []
afterEach(() => {
  for (const disconnect of disconnects.splice(0)) disconnect()
})

/** Answers as a model whose last layer moves by the position that is substituted, and whose label flips at 3. */
function setUp(session: Partial<Session> = {}, info: ModelInfo = INFO) {
  const store = createAppStore()
  const live = createTestExplorer()
  const { measure } = live
  live.measure = async (request: MeasureRequest, options) => {
    void measure(request, options).catch(() => undefined)
    const [first] = request.substitutions
    const moved = first?.position ?? 0
    const measurement = measurementOf(request.inputIds.length, request.substitutions)
    const { layers, positions } = measurement
    return {
      ...measurement,
      distances: Float32Array.from({ length: layers * positions }, (_, i) =>
        i === (layers - 1) * positions ? moved : 0,
      ),
      logits: info.labels.length > 0 ? { before: [0, 1], after: [moved === 3 ? 2 : 0, 1] } : null,
      ...(info.details?.causal && { nextToken: { divergence: moved / 10, flips: moved === 3 } }),
    }
  }
  disconnects.push(connectExplorer(store, { live: () => live, shipped: null, typingPause: 0 }))
  store.setState(({ model }) => ({ model: { ...model, status: 'ready', info } }))
  store.getState().replaceSession({ ...EMPTY_SESSION, text: TEXT, ...session })
  return { store, live, act: store.getState() }
}

describe('the tint of a review', () => {
  it('by shift is known before any forward', async () => {
    const { store, live } = setUp()
    await live.answerAll()
    expect(reviewTint(store.getState())).toMatchObject({
      quantity: 'shift',
      values: [null, 2, 3, 4, 5, null],
      domain: [2, 5],
      known: 4,
      total: 4,
    })
  })

  it('by distance and by answer fills in as it is measured, by each nearest substitute alone', async () => {
    const { store, live, act } = setUp({ tint: 'distance', held: [{ position: 1, tokenId: 77 }] })
    await live.answerAll()
    expect(reviewTint(store.getState())).toMatchObject({
      quantity: 'distance',
      values: [null, 1, 2, 3, 4, null],
      known: 4,
    })
    // Held changes are no part of it, though clicks are measured on top of them.
    expect(live.measured()).toContainEqual([{ position: 2, tokenId: 21 }])
    expect(live.measured()).toContainEqual([
      { position: 1, tokenId: 77 },
      { position: 2, tokenId: 21 },
    ])
    act.setTint('answer')
    const tint = reviewTint(store.getState())
    expect(tint?.values[2]).toBeCloseTo(0)
    expect(tint?.values[3]).toBeCloseTo(1 / (1 + Math.exp(1)) - 1 / (1 + Math.exp(-1)))
    expect(tokenEffects(store.getState()).map((effect) => effect?.answer?.flips)).toEqual([
      undefined,
      false,
      false,
      true,
      false,
      undefined,
    ])
  })

  it('measures no effect anew that was measured ahead', async () => {
    const { store, live, act } = setUp()
    await live.answerAll()
    const before = live.measured().length
    act.setTint('distance')
    await live.answerAll()
    expect(live.measured()).toHaveLength(before)
    expect(reviewTint(store.getState())?.known).toBe(4)
  })

  it('shows no effect of another substitute, or of another text', async () => {
    const { store, live, act } = setUp({ tint: 'distance' })
    await live.answerAll()
    const { neighbors } = live
    live.neighbors = async (request, options) =>
      (await neighbors(request, options)).map((list) =>
        list.map((one) => ({ ...one, tokenId: one.tokenId + 1 })),
      )
    act.setFilters({ special: true })
    await live.answerAll(1)
    await new Promise((resolve) => setTimeout(resolve))
    expect(textSubstitutes(store.getState())?.byPosition[1][0].tokenId).toBe(12)
    expect(
      tokenEffects(store.getState()).every((effect) => effect === null || effect.tokenId % 10 === 2),
    ).toBe(true)
    await live.answerAll()
    expect(reviewTint(store.getState())?.known).toBe(4)
    act.editText('x y')
    act.commitText()
    expect(reviewTint(store.getState())).toBeNull()
    await live.answerAll()
    expect(reviewTint(store.getState())).toMatchObject({ values: [null, 1, 2, null], known: 2 })
  })

  it('of a causal language model is the divergence of the next token', async () => {
    const { store, live } = setUp({ tint: 'answer' }, withHead(INFO, 'causal-lm'))
    await live.answerAll()
    expect(answerKind(store.getState())).toBe('next-token')
    expect(reviewTint(store.getState())?.values[4]).toBeCloseTo(0.4)
  })

  it('of a masked language model is asked at the mask of the text, and falls back to the shift without one', async () => {
    const { store, live, act } = setUp({ tint: 'answer' }, withHead(INFO, 'masked-lm', 104))
    await live.answerAll()
    // The mask is the token of four letters.
    expect(answerKind(store.getState())).toBe('mask')
    expect(reviewTint(store.getState())).toMatchObject({ quantity: 'answer', known: 4 })
    expect(reviewTint(store.getState())?.values[1]).toBe(0.25)
    act.editText('a bb')
    act.commitText()
    await live.answerAll()
    expect(answerKind(store.getState())).toBeNull()
    expect(shownTint(store.getState())).toBe('shift')
    expect(store.getState().session.tint).toBe('answer')
  })

  it('of a model without a head is the shift or the distance', () => {
    const { store } = setUp({ tint: 'answer' }, withHead(INFO, 'none'))
    expect(shownTint(store.getState())).toBe('shift')
  })
})
