import { csvParse } from 'd3-dsv'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { pairedTokens } from '../../core/comparison/predictionPairs'
import { FailureError } from '../../core/failure'
import type { ModelHead } from '../../core/modelSource'
import type { Session } from '../../core/session/session'
import { ready } from '../resource'
import { idsOf } from '../results'
import { activeLikelihoods, likelihoodsKey, predictionPlace } from '../selectors'
import { OTHER, OWN, withSide } from '../side/side'
import type { AppStore } from '../storeTypes'
import {
  exportBothLikelihoodsCsv,
  exportComparisonCsv,
  exportComparisonJson,
  exportPairedTokensCsv,
} from './compareExports'
import {
  answerFirstSide,
  answerFirstTokens,
  createComparedStore,
  explorerOf,
  PIECES,
  SECOND,
  WORDS,
  withHead,
} from './compareFixture'
import { comparedPredictions } from './counterTokens'
import { entryPairs } from './entryPairs'
import { connectSecondSide } from './secondSide'

const settle = () => new Promise((resolve) => setTimeout(resolve, 0))

/** Top tokens: good, movie, film; and of the other model Ġbad, Ġfilm, Ġwas. */
const TOP = { first: [6, 7, 4], second: [9, 3, 4] }
const MASK = { first: 0, second: 0 }

describe('language models side by side', () => {
  let store: AppStore
  let first: ReturnType<typeof explorerOf>
  let second: ReturnType<typeof explorerOf>
  let disconnect: () => void
  const state = () => store.getState()

  beforeEach(() => {
    store = createComparedStore()
    first = explorerOf(WORDS, 7, TOP.first)
    second = explorerOf(PIECES, 9, TOP.second)
    disconnect = connectSecondSide(store, { first: () => first, second: () => second, typingPause: 0 })
  })
  afterEach(() => disconnect())

  async function open(heads: readonly [ModelHead, ModelHead], session: Partial<Session>) {
    store.setState(({ model, compare }) => ({
      model: { ...model, info: model.info && withHead(model.info, heads[0], MASK.first) },
      compare: {
        ...compare,
        model: {
          ...compare.model,
          info: compare.model.info && withHead(compare.model.info, heads[1], MASK.second),
        },
      },
    }))
    answerFirstSide(store, { comparison: SECOND, ...session })
    await settle()
  }

  /** Questions to the first model after its own answer. */
  const furtherOfFirst = () => first.predictTokens.mock.calls.slice(1).map(([request]) => request)

  async function answer() {
    await answerFirstTokens(store, first)
    await settle()
  }

  it('that go on: each is asked what the other lists, and no more, once the first has answered', async () => {
    await open(['causal-lm', 'causal-lm'], { position: 2, tokenId: 7 })
    expect(second.predictTokens).not.toHaveBeenCalled()
    await answer()
    expect(second.predictTokens.mock.calls.map(([request]) => request)).toMatchObject([
      // “good” is no single token there; “movie” and “film” are.
      { position: 6, substitutions: [{ position: 2, tokenId: 7 }], also: [7, 3] },
    ])
    expect(furtherOfFirst()).toMatchObject([
      { position: 5, substitutions: [{ position: 2, tokenId: 7 }], also: [5] },
    ])
    const predictions = comparedPredictions(state(), OTHER)
    const pairs = entryPairs(state(), OTHER)
    const rows = predictions && pairs && pairedTokens(predictions, pairs, { first: [], second: [] })
    expect(rows?.map((row) => [row.first?.token ?? null, row.second?.token ?? null])).toEqual([
      ['good', null],
      [null, 'Ġbad'],
      ['movie', 'Ġmovie'],
      ['film', 'Ġfilm'],
      ['was', 'Ġwas'],
    ])
  })

  it('are looked at after the last of the tokens opposite, and masked at the first of them', async () => {
    await open(['causal-lm', 'causal-lm'], { position: 4, tokenId: 9 })
    state().lookAtPlace('chosen')
    expect(predictionPlace(state(), OTHER)).toEqual({ key: 'chosen', position: 5 })
    await open(['masked-lm', 'masked-lm'], {})
    expect(predictionPlace(state(), OTHER)).toEqual({ key: 'chosen', position: 4 })
    await open(['masked-lm', 'causal-lm'], {})
    expect(predictionPlace(state(), OTHER)).toEqual({ key: 'chosen', position: 5 })
    await open(['classification', 'masked-lm'], { position: null })
    expect(predictionPlace(state(), OTHER)).toBeNull()
    await open(['causal-lm', 'classification'], {})
    expect(predictionPlace(state(), OTHER)).toBeNull()
  })

  it('answer beside a classifier too, and follow the change', async () => {
    await open(['classification', 'causal-lm'], { position: 2, tokenId: 7 })
    expect(comparedPredictions(state(), OTHER)).toMatchObject({
      first: null,
      second: { position: 6, divergence: 0.25 },
    })
    answerFirstSide(store, { tokenId: 3 })
    expect(comparedPredictions(state(), OTHER)).toBeNull()
    await settle()
    expect(second.predictTokens.mock.lastCall?.[0].substitutions).toEqual([{ position: 2, tokenId: 2 }])
    expect(comparedPredictions(state(), OTHER)?.second).not.toBeNull()
    state().closeComparison()
    expect(state().sides[OTHER].prediction).toMatchObject({ status: 'idle', value: null })
  })

  it('of one model and two texts have one vocabulary', async () => {
    await open(['causal-lm', 'causal-lm'], {
      position: 2,
      tokenId: 7,
      comparison: { ...SECOND, model: null, text: 'was good' },
    })
    await answer()
    expect(furtherOfFirst()).toMatchObject([
      { inputIds: [1, 5, 6, 2], position: 3, substitutions: [], also: TOP.first },
    ])
    const again = comparedPredictions(state(), OTHER)
    expect(again?.second?.divergence).toBe(0)
    expect(second.predictTokens).not.toHaveBeenCalled()
  })

  it('say what failed', async () => {
    second.predictTokens.mockRejectedValueOnce(
      new FailureError({ kind: 'out-of-memory', message: 'too much' }),
    )
    await open(['classification', 'causal-lm'], { position: 2, tokenId: 7 })
    expect(state().sides[OTHER].prediction).toMatchObject({
      status: 'error',
      failure: { message: 'too much' },
    })
    expect(comparedPredictions(state(), OTHER)).toBeNull()
  })

  it('are exported: what differs, both distributions, and every token listed', async () => {
    await open(['causal-lm', 'causal-lm'], { position: 2, tokenId: 7 })
    await answer()
    const { first: ours, second: theirs, table } = JSON.parse(exportComparisonJson(state()) ?? '')
    expect(ours.tokenPrediction.position).toBe(5)
    expect(theirs.tokenPrediction.position).toBe(6)
    expect(table.distribution.divergence).toMatchObject({ first: 0.25, second: 0.25, difference: 0 })
    expect(exportComparisonCsv(state())).toContain('token_entropy_after,,,3,3,0,1')
    const tokens = csvParse(exportPairedTokensCsv(state()) ?? '')
    expect(tokens[0]).toMatchObject({ first_token: 'good', second_token: '', first_rank_before: '1' })
    expect(tokens[2]).toMatchObject({ first_token: 'movie', second_token: 'Ġmovie' })
  })

  describe('and the likelihoods of both texts', () => {
    const readBoth = (...keys: readonly (string | null)[]) => {
      for (const side of [OWN, OTHER]) state().readLikelihoods(keys[side], side, 'comparison')
    }
    const measureFirst = async () => {
      const { value } = state().sides[0].prediction
      if (!value) throw new Error('the first side has not answered')
      const { tokenized, substitutions } = value
      const inputIds = idsOf(tokenized)
      const before = await first.tokenLikelihoods({ inputIds, positions: [1, 2, 3, 4] })
      const counts = { done: 8, total: 8 }
      store.setState((present) =>
        withSide(present, OWN, {
          likelihoods: ready({ tokenized, substitutions, before, after: before, ...counts }),
        }),
      )
    }

    it('come with one question a text in models that go on, and stand opposite by the word', async () => {
      await open(['causal-lm', 'causal-lm'], { position: 2, tokenId: 7 })
      await answer()
      expect(second.tokenLikelihoods).not.toHaveBeenCalled()
      readBoth('', '')
      await settle()
      expect(
        second.tokenLikelihoods.mock.calls.map(([{ inputIds, positions }]) => [inputIds[2], positions]),
      ).toEqual([
        [3, [1, 2, 3, 4, 5]],
        [7, [1, 2, 3, 4, 5]],
      ])
      expect(exportBothLikelihoodsCsv(state())).toBeNull()
      await measureFirst()
      expect(activeLikelihoods(state())).not.toBeNull()
      const rows = csvParse(exportBothLikelihoodsCsv(state()) ?? '')
      // good: id 6; go + od: ids 5 and 6.
      expect(rows.at(-1)).toMatchObject({
        first_tokens: 'good',
        second_tokens: 'Ġgo od',
        first_ln_p_before: '-6',
        second_ln_p_before: '-11',
      })
      expect(rows[1]).toMatchObject({ second_ln_p_before: '-3', second_ln_p_after: '-7' })
      readBoth(null, null)
      expect(activeLikelihoods(state(), OTHER)).toBeNull()
    })

    it('wait in a masked model until they are asked for', async () => {
      await open(['masked-lm', 'masked-lm'], { position: 2, tokenId: 7 })
      await answer()
      readBoth('', '')
      await settle()
      expect(second.tokenLikelihoods).not.toHaveBeenCalled()
      readBoth('', likelihoodsKey(state(), OTHER))
      await settle()
      expect(activeLikelihoods(state(), OTHER)).toMatchObject({ done: 10, total: 10 })
    })
  })
})
