import { expect, it } from 'vitest'
import { NO_FILTERS } from '../core/measures/neighbor'
import { PREDICTIONS } from '../core/measures/predictionsFixture'
import { createNodeRuntime } from '../engine/forward/nodeRuntime'
import { languageModelFiles } from '../engine/languageModelFixture'
import { openModel } from '../engine/openedModel'
import { explore } from './explore'

const TEXT = 'Dull, but never boring.'

it.each(['tiny-gpt2', 'tiny-masked-bert'])('tells what the language model %s expects', async (name) => {
  const expected = PREDICTIONS.models.find((model) => model.name === name)
  const model = await openModel(createNodeRuntime(1), await languageModelFiles(name))
  const { position = 0, tokenId = 0 } = expected?.substitution ?? {}
  const data = await explore(model, {
    text: TEXT,
    position,
    substitute: model.vocabulary[tokenId],
    filters: NO_FILTERS,
  })
  const at = expected?.head === 'causal-lm' ? data.tokens.length - 1 : position
  const place = expected?.predictions.find((prediction) => prediction.position === at)
  expect(data.tokenPrediction?.position).toBe(at)
  expect(data.tokenPrediction?.before.map((token) => token.tokenId).slice(0, 6)).toEqual(place?.topBefore)
  expect(data.tokenPrediction?.divergence).toBeCloseTo(place?.divergence ?? Number.NaN, 4)
  expect(data.nextToken?.flips).toBe(expected?.head === 'causal-lm' ? data.tokenPrediction?.flips : undefined)
  await model.release()
})
