import { expect, it } from 'vitest'
import { failureOf } from '../core/failure'
import { type Checkpoint, requireTensor } from './checkpoint'

function adviceFor(names: readonly string[]): string | undefined {
  const checkpoint: Checkpoint = {
    files: [],
    tensors: new Map(
      names.map((name) => [
        name,
        { name, dtype: 'F32', shape: [2], offset: 0, length: 8, fileName: 'weights' },
      ]),
    ),
  }
  try {
    requireTensor(checkpoint, 'embeddings.word_embeddings.weight', [2])
  } catch (error) {
    return failureOf(error).advice
  }
  return undefined
}

it.each(['module.bert.', 'model.', 'encoder_wrapper.inner.'])(
  'names the tensor under which a wrapper saved the one that is missing: %s',
  (prefix) => {
    const wrapped = `${prefix}embeddings.word_embeddings.weight`
    expect(adviceFor(['logit_scale', wrapped, `${prefix}pooler.weight`])).toContain(
      `It has ${wrapped}: a wrapper of the model was saved`,
    )
  },
)

it('calls no layer a wrapper that has a tensor of the same name', () => {
  const layer = 'encoder.layer.0.embeddings.word_embeddings.weight'
  expect(adviceFor([layer, 'encoder.layer.1.bias', 'pooler.weight'])).toMatch(/^Check that config.json/)
})

it('asks whether config and weights belong together where nothing of that name is there', () => {
  expect(adviceFor(['word_embeddings.weight'])).toBe(
    'Check that config.json and the weights belong together.',
  )
})
