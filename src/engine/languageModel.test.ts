import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { failureOf } from '../core/failure'
import {
  PREDICTIONS,
  type ReferenceChange,
  type ReferencePredictions,
} from '../core/measures/predictionsFixture'
import type {
  TokenLikelihood,
  TokenPrediction,
  TokenPredictionRequest,
} from '../core/measures/tokenPrediction'
import { FOREIGN, FOREIGN_POSITIONS, foreignNamed, readForeign } from '../onnx/foreign/foreignFixture'
import { readFamilyJson } from './familyFixture'
import { openForeignModel } from './foreign/foreignModel'
import { createNodeRuntime } from './forward/nodeRuntime'
import { createLanguageModel, type LanguageModel } from './languageModel'
import { languageModelFiles } from './languageModelFixture'
import type { ModelParts } from './modelParts'
import { type OpenedModel, openModel } from './openedModel'

const runtime = createNodeRuntime(1)

const ABSOLUTE = 1e-4

function expectClose(actual: number, expected: number, what: string): void {
  expect(Math.abs(actual - expected), `${what}: ${actual} against ${expected}`).toBeLessThan(ABSOLUTE)
}

function expectPrediction(actual: TokenPrediction, expected: ReferenceChange): void {
  expect(actual.before.map(({ tokenId }) => tokenId)).toEqual(expected.topBefore)
  expect(actual.after.map(({ tokenId }) => tokenId)).toEqual(expected.topAfter)
  expect(actual.before.map(({ before }) => before.rank)).toEqual(expected.topBefore.map((_, i) => i + 1))
  expect(actual.flips).toBe(expected.topBefore[0] !== expected.topAfter[0])
  expectClose(actual.divergence, expected.divergence, 'KL')
  for (const [i, side] of (['before', 'after'] as const).entries()) {
    expectClose(actual.entropy[side], expected.entropy[i], `entropy ${side}`)
    for (const [j, { tokenId, p, rank }] of expected.also.entries()) {
      const found = actual.also[j]
      expect(found.tokenId).toBe(tokenId)
      expect(found[side].rank).toBe(rank[i])
      expectClose(found[side].probability, p[i], `p of ${tokenId} ${side}`)
    }
  }
}

async function expectLikelihoods(
  found: readonly TokenLikelihood[],
  { positions }: ReferencePredictions['likelihoods'],
  { logProbabilities, ranks }: ReferencePredictions['likelihoods']['before'],
): Promise<void> {
  expect(found.map(({ position }) => position)).toEqual(positions)
  expect(found.map(({ rank }) => rank)).toEqual(ranks)
  for (const [i, { logProbability }] of found.entries()) {
    expectClose(logProbability, logProbabilities[i], `ln p at ${positions[i]}`)
  }
}

const requestOf = (
  { inputIds, substitution }: ReferencePredictions,
  { position, topBefore, also }: ReferencePredictions['predictions'][number],
): TokenPredictionRequest => ({
  inputIds,
  substitutions: [substitution],
  position,
  k: topBefore.length,
  also: also.map(({ tokenId }) => tokenId),
})

const changedIds = ({ inputIds, substitution: { position, tokenId } }: ReferencePredictions) =>
  inputIds.with(position, tokenId)

describe.each(PREDICTIONS.models)('$name against transformers', (expected) => {
  let model: OpenedModel

  beforeAll(async () => {
    model = await openModel(runtime, await languageModelFiles(expected.name))
  })
  afterAll(() => model?.release())

  it('names its head and its mask', () => {
    expect(model.info.details?.head).toBe(expected.head)
    expect(model.info.details?.maskId ?? null).toBe(expected.maskId)
  })

  it.each(expected.predictions)('predicts at $position, before and after', async (place) => {
    const prediction = await model.predictTokens(requestOf(expected, place))
    expectPrediction(prediction, place)
    expect(prediction.before[0].token).toBe(model.vocabulary[prediction.before[0].tokenId])
    expectPrediction(await model.predictTokens(requestOf(expected, place)), place)
  })

  it('gives the likelihood of every token of both texts, whole or in parts', async () => {
    const { likelihoods } = expected
    const { positions } = likelihoods
    const { inputIds } = expected
    await expectLikelihoods(
      await model.tokenLikelihoods({ inputIds, positions }),
      likelihoods,
      likelihoods.before,
    )
    const parts: TokenLikelihood[] = []
    for (const position of positions) {
      parts.push(...(await model.tokenLikelihoods({ inputIds: changedIds(expected), positions: [position] })))
    }
    await expectLikelihoods(parts, likelihoods, likelihoods.after)
  })

  it('measures the next token with the distances, whatever was asked before', async () => {
    const { inputIds, substitution } = expected
    const { nextToken } = await model.measure({ inputIds, substitutions: [substitution] })
    const last = expected.predictions.find(({ position }) => position === inputIds.length - 1)
    if (expected.head === 'masked-lm') expect(nextToken).toBeUndefined()
    else {
      expectClose(nextToken?.divergence ?? Number.NaN, last?.divergence ?? 0, 'KL of the next token')
      expect(nextToken?.flips).toBe(last?.topBefore[0] !== last?.topAfter[0])
    }
  })

  it('refuses what it cannot say', async () => {
    const { inputIds } = expected
    const kindOf = async (asked: Promise<unknown>) =>
      failureOf(await asked.catch((error: unknown) => error)).kind
    const request = { inputIds, substitutions: [], position: 1, k: 3 }
    expect(await kindOf(model.predictTokens({ ...request, k: 0 }))).toBe('invalid-request')
    expect(await kindOf(model.predictTokens({ ...request, position: 99 }))).toBe('invalid-request')
    expect(await kindOf(model.predictTokens({ ...request, also: [99_999] }))).toBe('invalid-request')
    if (expected.head === 'causal-lm') {
      expect(await kindOf(model.tokenLikelihoods({ inputIds, positions: [0] }))).toBe('invalid-request')
    }
  })
})

describe.each(PREDICTIONS.files)(
  '$name, an ONNX file of another exporter, against onnxruntime',
  (expected) => {
    const foreign = foreignNamed(expected.name)
    let parts: ModelParts
    let model: LanguageModel

    beforeAll(async () => {
      const { layers, width, vocabularySize } = FOREIGN.models[foreign.model]
      const sizes = { layers, width, vocabularySize, maxPositions: FOREIGN_POSITIONS }
      parts = (await openForeignModel(runtime, runtime, await readForeign(foreign), sizes)).parts
      const { maskId } = expected
      model = createLanguageModel(parts, { vocabulary: [], maskId }, vocabularySize, (ids, substitutions) =>
        parts.encoder.encode(
          substitutions.reduce((all, { position, tokenId }) => all.with(position, tokenId), [...ids]),
          undefined,
          [ids.length - 1],
        ),
      )
    })
    afterAll(() => parts?.release())

    it('predicts, and gives the likelihood of every token', async () => {
      for (const place of expected.predictions) {
        expectPrediction(await model.predict(requestOf(expected, place)), place)
      }
      const { likelihoods, inputIds } = expected
      const { positions } = likelihoods
      await expectLikelihoods(
        await model.likelihoods({ inputIds, positions }),
        likelihoods,
        likelihoods.before,
      )
      await expectLikelihoods(
        await model.likelihoods({ inputIds: changedIds(expected), positions }),
        likelihoods,
        likelihoods.after,
      )
    })
  },
)

const CAUSAL = ['tiny-gpt2', 'tiny-llama', 'tiny-mistral', 'tiny-qwen2', 'tiny-qwen3']

describe.each(CAUSAL)('%s', (folder) => {
  it('moves nothing before the change, not by one bit', async () => {
    const model = await openModel(runtime, await languageModelFiles(folder))
    const { inputIds } = readFamilyJson<{ cases: { inputIds: number[] }[] }>(folder, 'reference.json')
      .cases[1]
    const n = inputIds.length
    for (const position of [1, Math.floor(n / 2), n - 1]) {
      const { distances, layers } = await model.measure({
        inputIds,
        substitutions: [{ position, tokenId: inputIds[position] === 100 ? 101 : 100 }],
      })
      for (let layer = 0; layer < layers; layer++) {
        const row = Array.from(distances.subarray(layer * n, (layer + 1) * n))
        expect(row.slice(0, position)).toEqual(new Array(position).fill(0))
        expect(row[position]).toBeGreaterThan(0)
        const reached = row.slice(position + 1).some((distance) => distance > 0)
        expect(reached).toBe(layer > 0 && position < n - 1)
      }
    }
    await model.release()
  })
})

it('says that a model without such a head predicts no token', async () => {
  const files = await languageModelFiles('tiny-gpt2')
  const model = await openModel(runtime, {
    ...files,
    config: readFamilyJson<object>('tiny-gpt2', 'config.json'),
  })
  const request = { inputIds: [5, 6], substitutions: [], position: 1, k: 3 }
  await expect(model.predictTokens(request)).rejects.toThrow('no language-model head')
  await model.release()
})
