import { describe, expect, it } from 'vitest'
import { parseModelConfig } from './modelConfig'

const bert = {
  model_type: 'bert',
  hidden_size: 384,
  num_hidden_layers: 12,
  num_attention_heads: 12,
  intermediate_size: 1536,
  vocab_size: 30522,
  max_position_embeddings: 512,
  type_vocab_size: 2,
  hidden_act: 'gelu',
  layer_norm_eps: 1e-12,
  id2label: { 1: 'POSITIVE', 0: 'NEGATIVE' },
}

describe('parseModelConfig', () => {
  it('reads BERT', () => {
    expect(parseModelConfig(bert)).toMatchObject({
      family: 'bert',
      layers: 12,
      width: 384,
      labels: ['NEGATIVE', 'POSITIVE'],
    })
  })

  it.each<[string, unknown, RegExp]>([
    ['another family', { ...bert, model_type: 'gpt2' }, /model_type/],
    ['no number of layers', { ...bert, num_hidden_layers: undefined }, /num_hidden_layers/],
    ['heads that do not divide the width', { ...bert, num_attention_heads: 7 }, /not a multiple/],
    ['relative positions', { ...bert, position_embedding_type: 'relative_key' }, /position_embedding_type/],
    ['a decoder', { ...bert, is_decoder: true }, /is_decoder/],
    ['an unknown activation', { ...bert, hidden_act: 'swiglu' }, /hidden_act/],
    ['a list', [], /config.json cannot be used/],
    ['null', null, /config.json cannot be used/],
  ])('refuses %s and names the field', (_, config, message) => {
    expect(() => parseModelConfig(config)).toThrow(message)
  })
})
