import { afterEach, describe, expect, it } from 'vitest'
import type { Variant } from '../../core/corpus/corpusEngine'
import { EMPTY_SESSION } from '../../core/session/session'
import { connectExplorer } from '../explore/explore'
import { createTestExplorer, INFO, tokenizeWords } from '../explore/explorerFixture'
import type { ManyVariants } from '../explore/questions/exploreContext'
import { createAppStore } from '../store'
import { hiddenEffect, presentOcclusion } from './occlusion'

const TEXT = 'a bb ccc dddd'
const MASK = 99
const IDS = tokenizeWords(TEXT).tokens.map(({ id }) => id)

const disconnects: (() => void)[] = []
afterEach(() => {
  for (const disconnect of disconnects.splice(0)) disconnect()
})

const settled = () => new Promise<void>((resolve) => setTimeout(resolve, 20))

async function setUp(maskId: number | null = MASK, gate?: () => Promise<void>) {
  const store = createAppStore()
  const live = createTestExplorer()
  const asked: Variant[] = []
  /** Position that a variant hides, and a hundred more where it deletes it. */
  const hidden = (variant: Variant) =>
    variant.removed === undefined ? variant.inputIds.indexOf(MASK) : 100 + variant.removed
  const variants: ManyVariants = {
    maskId: async () => maskId,
    measureVariants: async (inputIds, changed) => {
      await gate?.()
      expect(inputIds).toEqual(IDS)
      asked.push(...changed)
      return {
        shifts: Float32Array.from(changed.flatMap((one) => [1, 2, 3].map((norm) => norm * hidden(one)))),
        distances: Float32Array.from(changed.flatMap((one) => [0, 0, hidden(one) / 2])),
        ownDistances: new Float32Array(3 * changed.length),
        logitsBefore: Float32Array.of(0, 1),
        logitsAfter: Float32Array.from(changed.flatMap((one) => [hidden(one) > 100 ? 2 : 0, 1])),
      }
    },
  }
  disconnects.push(
    connectExplorer(store, { live: () => live, variants: () => variants, shipped: null, typingPause: 0 }),
  )
  store.setState(({ model }) => ({ model: { ...model, status: 'ready', info: INFO } }))
  store.getState().replaceSession({ ...EMPTY_SESSION, text: TEXT })
  await live.answerAll()
  await settled()
  return { store, act: store.getState(), asked }
}

describe('occlusion', () => {
  it('measures nothing before it is asked for, then each token masked and deleted', async () => {
    const { store, act, asked } = await setUp()
    expect(asked).toEqual([])
    act.measureOcclusion(true)
    await settled()
    const found = presentOcclusion(store.getState())
    expect(found).toMatchObject({ hasMask: true, task: { status: 'done' } })
    expect(asked).toHaveLength(8)
    expect(asked.slice(4)).toEqual([1, 2, 3, 4].map((removed) => ({ removed })))
    expect(hiddenEffect(found, 'masked', 3)).toMatchObject({
      shift: { l1: 3, l2: 6, linf: 9 },
      distance: 1.5,
      answer: { change: 0, flips: false },
    })
    expect(hiddenEffect(found, 'deleted', 3)).toMatchObject({ distance: 51.5, answer: { flips: true } })
    expect(hiddenEffect(found, 'deleted', 0)).toBeNull()
  })

  it('deletes alone where the vocabulary has no mask', async () => {
    const { store, act, asked } = await setUp(null)
    act.measureOcclusion(true)
    await settled()
    expect(presentOcclusion(store.getState())).toMatchObject({ hasMask: false, task: { status: 'done' } })
    expect(asked.every(({ removed }) => removed !== undefined)).toBe(true)
    expect(asked).toHaveLength(4)
  })

  it('stops at once, keeps what it has, and goes on; another text shows nothing of it', async () => {
    const waiting: (() => void)[] = []
    const gate = () => new Promise<void>((resolve) => waiting.push(resolve))
    const { store, act, asked } = await setUp(MASK, gate)
    const release = async () => {
      waiting.shift()?.()
      await settled()
    }
    act.measureOcclusion(true)
    await settled()
    await release()
    await release()
    act.measureOcclusion(false)
    const stopped = presentOcclusion(store.getState())
    expect(stopped?.task.status).toBe('stopped')
    expect([stopped?.masked.size, stopped?.deleted.size]).toEqual([4, 1])
    await release()
    expect(presentOcclusion(store.getState())).toBe(stopped)
    const before = asked.length
    act.measureOcclusion(true)
    await settled()
    while (waiting.length > 0) await release()
    expect(presentOcclusion(store.getState())?.task.status).toBe('done')
    expect(asked.length - before).toBe(3)
    act.editText('x y')
    act.commitText()
    expect(presentOcclusion(store.getState())).toBeNull()
  })
})
