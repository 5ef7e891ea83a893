import { csvParse } from 'd3-dsv'
import { afterEach, describe, expect, it } from 'vitest'
import type { ModelDetails } from '../../../core/explorer'
import type { TokenLikelihoodsRequest, TokenPredictionRequest } from '../../../core/measures/tokenPrediction'
import { EMPTY_SESSION, type Session } from '../../../core/session/session'
import {
  activeLikelihoods,
  activeTokenPrediction,
  likelihoodsKey,
  neighborRows,
  predictionPlaces,
} from '../../selectors'
import { createAppStore } from '../../store'
import { connectExplorer } from '../explore'
import { createTestExplorer, INFO } from '../explorerFixture'
import { exportJson, exportLikelihoodsCsv, exportPredictionCsv } from '../exports'

const disconnects: (() => void)[] = []
afterEach(() => {
  for (const disconnect of disconnects.splice(0)) disconnect()
})

const MASK = 104

async function opened(head: ModelDetails['head'], session: Partial<Session>) {
  const store = createAppStore()
  const live = createTestExplorer()
  const causal = head === 'causal-lm'
  const details = { head, causal, format: 'safetensors', files: ['m'], kept: true } as const
  const info = { ...INFO, labels: [], details: { ...details, ...(!causal && { maskId: MASK }) } }
  disconnects.push(connectExplorer(store, { live: () => live, shipped: null, typingPause: 0 }))
  store.setState(({ model }) => ({ model: { ...model, status: 'ready', info } }))
  store.getState().replaceSession({ ...EMPTY_SESSION, text: 'a bb ccc', ...session })
  await live.answerAll()
  const asked = (method: 'predictTokens' | 'tokenLikelihoods') =>
    live.calls.filter((call) => call.method === method)
  const predictions = () => asked('predictTokens').map(({ request }) => request as TokenPredictionRequest)
  const likelihoods = () => asked('tokenLikelihoods').map(({ request }) => request as TokenLikelihoodsRequest)
  return { store, live, act: store.getState(), predictions, likelihoods, asked }
}

const keysOf = (store: ReturnType<typeof createAppStore>) =>
  predictionPlaces(store.getState()).map(({ key }) => key)

describe('a causal language model', () => {
  it('is asked for the next token after the text, changed or not', async () => {
    const { store, live, act, predictions } = await opened('causal-lm', {})
    expect(predictions()).toMatchObject([{ position: 4, substitutions: [], also: [] }])
    expect(activeTokenPrediction(store.getState())).toMatchObject({ flips: false })
    act.selectPosition(2)
    expect(activeTokenPrediction(store.getState())).toBeNull()
    await live.answerAll()
    expect(predictions()[1]).toMatchObject({ position: 4, substitutions: [{ position: 2, tokenId: 21 }] })
    expect(activeTokenPrediction(store.getState())).toMatchObject({ flips: true, divergence: 0.25 })
  })

  it('is asked after the chosen token, with the one that follows in the text', async () => {
    const { store, live, act, predictions } = await opened('causal-lm', { position: 2 })
    expect(keysOf(store)).toEqual(['end', 'chosen'])
    act.lookAtPlace('chosen')
    await live.answerAll()
    expect(predictions().at(-1)).toMatchObject({ position: 2, also: [103] })
    act.selectPosition(null)
    await live.answerAll()
    expect(predictions().at(-1)).toMatchObject({ position: 4 })
  })

  it('measures likelihoods while they are looked at, a text with one question, and every text once', async () => {
    const { store, live, act, likelihoods } = await opened('causal-lm', { position: 2 })
    expect(likelihoods()).toEqual([])
    act.readLikelihoods('')
    await live.answerAll()
    expect(likelihoods().map(({ inputIds, positions }) => [inputIds[2], positions])).toEqual([
      [102, [1, 2, 3]],
      [21, [1, 2, 3]],
    ])
    act.chooseSubstitute(22)
    // The other substitutes are not measured yet: only the original text is known.
    expect(activeLikelihoods(store.getState())).toMatchObject({ done: 3, total: 6 })
    await live.answerAll()
    expect(likelihoods().map(({ inputIds }) => inputIds[2])).toEqual([102, 21, 22])
    expect(activeLikelihoods(store.getState())).toMatchObject({ done: 6, total: 6 })
    act.readLikelihoods(null)
    expect(store.getState().sides[0].likelihoods.status).toBe('idle')
  })

  it('exports what its tables show', async () => {
    const { store, live, act } = await opened('causal-lm', { position: 2 })
    expect(exportLikelihoodsCsv(store.getState())).toBeNull()
    act.readLikelihoods('')
    await live.answerAll()
    const state = store.getState()
    expect(csvParse(exportPredictionCsv(state) ?? '')[0]).toMatchObject({ token_id: '8', rank_after: '8' })
    const rows = csvParse(exportLikelihoodsCsv(state) ?? '')
    expect(rows).toHaveLength(3)
    expect(rows[1]).toMatchObject({
      token_before: 'bb',
      token_after: 't21',
      ln_p_before: '-1.02',
      ln_p_after: '-0.21',
    })
    const json = JSON.parse(exportJson(state) ?? '')
    expect(json.tokenPrediction).toMatchObject({ position: 4, divergence: 0.25 })
    expect(json.tokenLikelihoods.after).toHaveLength(3)
  })
})

describe('a masked language model', () => {
  it('is asked nothing until a token is chosen, and then for it, its substitute and those listed', async () => {
    const { store, live, act, predictions } = await opened('masked-lm', {})
    expect(predictions()).toEqual([])
    act.selectPosition(2)
    await live.answerAll()
    expect(predictions()).toHaveLength(1)
    expect(predictions()[0]).toMatchObject({ position: 2 })
    expect(predictions()[0].also?.slice(0, 3)).toEqual([102, 21, 22])
    expect(neighborRows(store.getState())[1].probability).toBe(0.5 / 22)
  })

  it('fills the masks that the text has, before the chosen token', async () => {
    const { store, live, act, predictions } = await opened('masked-lm', { text: 'a mask bb' })
    expect(predictions()).toMatchObject([{ position: 2, also: [MASK] }])
    act.selectPosition(3)
    await live.answerAll()
    expect(keysOf(store)).toEqual(['mask-2', 'chosen'])
    expect(predictions().at(-1)).toMatchObject({ position: 2 })
    expect(neighborRows(store.getState())[0].probability).toBeNull()
  })

  it('measures each token only when it is asked to, stops, goes on, and keeps what it has', async () => {
    const text = Array.from({ length: 200 }, () => 'bb').join(' ')
    const { store, live, act, likelihoods, asked } = await opened('masked-lm', { text, position: 2 })
    act.readLikelihoods(likelihoodsKey(store.getState()))
    expect(likelihoods()).toMatchObject([{ positions: [1, 2] }])
    expect(asked('tokenLikelihoods')[0].options).toEqual({ priority: 'ahead' })
    await live.answerAll(3)
    expect(activeLikelihoods(store.getState())).toMatchObject({ done: 6, total: 400 })
    act.readLikelihoods(null)
    await live.answerAll()
    const before = likelihoods().length
    expect(before).toBe(4)
    act.readLikelihoods(likelihoodsKey(store.getState()))
    expect(likelihoods().at(-1)?.positions).toEqual([9, 10])
    await live.answerAll()
    expect(activeLikelihoods(store.getState())).toMatchObject({ done: 400, total: 400 })
    const all = likelihoods().length
    act.chooseSubstitute(22)
    await live.answerAll()
    expect(likelihoods()).toHaveLength(all)
    expect(store.getState().sides[0].likelihoods.status).toBe('idle')
    act.chooseSubstitute(21)
    await live.answerAll()
    expect(likelihoods()).toHaveLength(all)
    expect(activeLikelihoods(store.getState())).toMatchObject({ done: 400, total: 400 })
  })
})

it('asks a classifier for no token', async () => {
  const { predictions, act, live, likelihoods } = await opened('classification', { position: 2 })
  act.readLikelihoods('')
  await live.answerAll()
  expect([...predictions(), ...likelihoods()]).toEqual([])
})
