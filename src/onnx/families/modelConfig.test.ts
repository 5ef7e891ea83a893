import { describe, expect, it } from 'vitest'
import { failureOf } from '../../core/failure'
import type { Rotary } from '../../weights/rotary'
import { parseModelConfig } from '.'

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

const gpt2 = {
  model_type: 'gpt2',
  architectures: ['GPT2LMHeadModel'],
  activation_function: 'gelu_new',
  layer_norm_epsilon: 1e-5,
  n_ctx: 1024,
  n_embd: 768,
  n_head: 12,
  n_layer: 12,
  n_positions: 1024,
  vocab_size: 50257,
}

const llama = {
  model_type: 'llama',
  architectures: ['LlamaForCausalLM'],
  hidden_size: 2048,
  num_hidden_layers: 16,
  num_attention_heads: 32,
  num_key_value_heads: 8,
  head_dim: 64,
  intermediate_size: 8192,
  vocab_size: 128256,
  max_position_embeddings: 131072,
  hidden_act: 'silu',
  rms_norm_eps: 1e-5,
  rope_theta: 500000,
  rope_scaling: null,
  tie_word_embeddings: true,
}

const deberta = {
  ...bert,
  model_type: 'deberta-v2',
  type_vocab_size: 0,
  relative_attention: true,
  position_buckets: 256,
  norm_rel_ebd: 'layer_norm',
  share_att_key: true,
  pos_att_type: 'p2c|c2p',
  max_relative_positions: -1,
  position_biased_input: false,
}

const modernBert = {
  model_type: 'modernbert',
  hidden_size: 768,
  num_hidden_layers: 22,
  num_attention_heads: 12,
  intermediate_size: 1152,
  vocab_size: 50368,
  max_position_embeddings: 8192,
  hidden_activation: 'gelu',
  norm_eps: 1e-5,
  local_attention: 128,
  global_attn_every_n_layers: 3,
  global_rope_theta: 160000,
  local_rope_theta: 10000,
  position_embedding_type: 'absolute',
}

const roberta = { ...bert, model_type: 'roberta', max_position_embeddings: 514, pad_token_id: 1 }

describe('parseModelConfig', () => {
  it('reads BERT', () => {
    expect(parseModelConfig(bert)).toMatchObject({
      family: 'bert',
      layers: 12,
      width: 384,
      labels: ['NEGATIVE', 'POSITIVE'],
      statedHead: null,
      tiedHead: true,
    })
  })

  it('reads labels that are numbers', () => {
    expect(parseModelConfig({ ...bert, id2label: { 0: 1, 1: 5 } }).labels).toEqual(['1', '5'])
  })

  it.each<[string, object, string[]]>([
    ['counted from one', { 1: 'one', 2: 'two' }, ['LABEL_0', 'one', 'two']],
    ['with a gap', { 3: 'd', 0: 'a' }, ['a', 'LABEL_1', 'LABEL_2', 'd']],
    ['written with leading zeros', { '01': 'b', '00': 'a' }, ['a', 'b']],
    ['without a name', { 0: null, 1: 'b' }, ['LABEL_0', 'b']],
    ['that are no texts', { 0: false, 1: 2 }, ['false', '2']],
    ['far beyond any head', { 0: 'a', 4000000000: 'z' }, ['a']],
  ])('puts labels %s at their ids', (_, id2label, labels) => {
    expect(parseModelConfig({ ...bert, id2label }).labels).toEqual(labels)
  })

  it("leaves out the positions that RoBERTa's padding takes", () => {
    expect(parseModelConfig(roberta)).toMatchObject({ maxPositions: 512, positionOffset: 2 })
  })

  it('reads lists that old DeBERTa configs write as text', () => {
    expect(parseModelConfig(deberta)).toMatchObject({
      contentToPosition: true,
      positionToContent: true,
      relativeSpan: 256,
      maxRelativePositions: 512,
      convolution: null,
    })
  })

  it("reads ModernBERT's windows and frequencies as transformers 4 and 5 write them", () => {
    const old = parseModelConfig(modernBert)
    const { global_attn_every_n_layers, global_rope_theta, local_rope_theta, ...rest } = modernBert
    const types = Array.from({ length: 22 }, (_, layer) =>
      layer % 3 ? 'sliding_attention' : 'full_attention',
    )
    const rotary = (rope_theta: number) => ({ rope_type: 'default', rope_theta })
    const fresh = parseModelConfig({
      ...rest,
      layer_types: types,
      rope_parameters: { full_attention: rotary(160000), sliding_attention: rotary(10000) },
    })
    expect(fresh).toEqual(old)
    const { attention } = old as typeof old & { readonly attention: { distance: number; rotary: Rotary }[] }
    expect(attention.map(({ distance }) => distance).slice(0, 4)).toEqual([null, 64, 64, null])
    expect(attention[0].rotary.frequencies[31]).toBeCloseTo(160000 ** -(62 / 64), 10)
    expect(attention[1].rotary.frequencies[31]).toBeCloseTo(10000 ** -(62 / 64), 10)
  })

  it("reads Llama's rotary positions as transformers 4 and 5 write them", () => {
    const scaling = {
      rope_type: 'llama3',
      factor: 32,
      low_freq_factor: 1,
      high_freq_factor: 4,
      original_max_position_embeddings: 8192,
    }
    const old = parseModelConfig({ ...llama, rope_scaling: scaling })
    const { rope_theta, rope_scaling, ...rest } = llama
    expect(parseModelConfig({ ...rest, rope_parameters: { ...scaling, rope_theta } })).toEqual(old)
    expect(parseModelConfig(llama)).not.toEqual(old)
    expect(old).toMatchObject({
      family: 'llama',
      keyHeads: 8,
      headSize: 64,
      tiedHead: true,
      projectionBias: false,
    })
  })

  it('takes the base of GPT-NeoX from rotary_emb_base, and no other one from rope_theta', () => {
    const neoX = { model_type: 'gpt_neox', hidden_size: 32, num_hidden_layers: 2, num_attention_heads: 2 }
    const stated = parseModelConfig({ ...neoX, rotary_emb_base: 500 })
    expect(parseModelConfig({ ...neoX, rotary_emb_base: 500, rope_theta: 500 })).toEqual(stated)
    expect(parseModelConfig({ ...neoX, rope_theta: 10_000 })).toEqual(parseModelConfig(neoX))
    expect(() => parseModelConfig({ ...neoX, rope_theta: 500 })).toThrow(
      /rope_theta: transformers 4 takes it/,
    )
    expect(() => parseModelConfig({ ...neoX, rotary_emb_base: 500, rope_theta: 77 })).toThrow(/rope_theta/)
    expect(parseModelConfig({ ...neoX, rope_parameters: { rope_theta: 500 }, rope_theta: 77 })).toEqual(
      stated,
    )
  })

  it("reads Phi-3's rotary positions under their older names", () => {
    const factors = { short_factor: [1, 2], long_factor: [3, 4] }
    const phi3 = {
      ...{ model_type: 'phi3', hidden_size: 8, num_attention_heads: 2, num_key_value_heads: 2 },
      ...{ num_hidden_layers: 1, vocab_size: 40, original_max_position_embeddings: 4096 },
    }
    const read = (type: string) => parseModelConfig({ ...phi3, rope_scaling: { type, ...factors } })
    expect(read('su')).toEqual(read('longrope'))
    expect(read('su')).toMatchObject({ attention: [{ rotary: { long: { beyond: 4096 } } }] })
    expect(() => parseModelConfig({ ...phi3, rope_scaling: { type: 'linear', factor: 2 } })).toThrow(
      /rope_type: linear/,
    )
  })

  it("knows each decoder's windows and biases", () => {
    const decoder = { ...llama, num_hidden_layers: 2, sliding_window: 4096 }
    const parsed = (more: object) => parseModelConfig({ ...decoder, ...more })
    const reaches = (...by: (number | null)[]) => ({ attention: by.map((reach) => ({ reach })) })
    expect(parsed({})).toMatchObject(reaches(null, null))
    expect(parsed({})).not.toHaveProperty('headNorm')
    expect(parsed({ model_type: 'mistral' })).toMatchObject(reaches(4095, 4095))
    expect(parsed({ model_type: 'mistral', sliding_window: null })).toMatchObject(reaches(null, null))
    expect(parsed({ model_type: 'qwen2' })).toMatchObject({
      ...reaches(null, null),
      projectionBias: true,
      outputBias: false,
    })
    expect(parsed({ model_type: 'qwen2', use_sliding_window: true, max_window_layers: 1 })).toMatchObject(
      reaches(null, 4095),
    )
    expect(parsed({ model_type: 'qwen3' })).toMatchObject({
      projectionBias: false,
      headNorm: { over: 'head' },
    })
  })

  it('takes what a config leaves out as transformers has it', () => {
    const { layer_norm_eps, ...bert2018 } = bert
    expect(parseModelConfig(bert2018)).toEqual(parseModelConfig(bert))
    const minimal = parseModelConfig({ model_type: 'gpt2', n_layer: 2, n_head: 2, n_embd: 8, vocab_size: 40 })
    expect(minimal).toMatchObject({
      maxPositions: 1024,
      intermediate: 32,
      normEpsilon: 1e-5,
      activation: 'gelu-tanh',
    })
    const { num_key_value_heads, head_dim, rms_norm_eps, ...first } = llama
    expect(parseModelConfig(first)).toMatchObject({ keyHeads: 32, headSize: 64, normEpsilon: 1e-6 })
    expect(parseModelConfig({ model_type: 'distilbert', num_hidden_layers: 3 })).toMatchObject({
      layers: 3,
      width: 768,
    })
    expect(parseModelConfig({ model_type: 'mistral', num_hidden_layers: 1 })).toMatchObject({
      attention: [{ reach: 4095 }],
      keyHeads: 8,
    })
    expect(parseModelConfig({ model_type: 'roberta', max_position_embeddings: 514 })).toMatchObject({
      positionOffset: 2,
    })
  })

  it('takes the family from the class where model_type is missing', () => {
    const typeless = (name: string) =>
      parseModelConfig({ architectures: [name], relative_attention: true }).family
    expect(typeless('BertForSequenceClassification')).toBe('bert')
    expect(typeless('XLMRobertaModel')).toBe('xlm-roberta')
    expect(typeless('DebertaV2ForMaskedLM')).toBe('deberta-v2')
    expect(typeless('GPT2LMHeadModel')).toBe('gpt2')
  })

  it.each([
    ['BertForSequenceClassification', 'classification'],
    ['BertForMaskedLM', 'masked-lm'],
    ['BertForPreTraining', 'masked-lm'],
    ['ElectraForPreTraining', 'none'],
    ['BertModel', 'none'],
    ['BertForQuestionAnswering', 'none'],
    ['GPT2LMHeadModel', 'causal-lm'],
    ['LlamaForCausalLM', 'causal-lm'],
  ])('takes from %s the head %s', (name, head) => {
    expect(parseModelConfig({ ...bert, architectures: [name] }).statedHead).toBe(head)
  })

  it('ties the output table by default, except in Llama', () => {
    expect(parseModelConfig(gpt2).tiedHead).toBe(true)
    const { tie_word_embeddings, ...untied } = llama
    expect(parseModelConfig(untied).tiedHead).toBe(false)
  })

  it.each<[string, unknown, RegExp]>([
    ['another family', { ...bert, model_type: 't5' }, /model_type: t5 is not a family/],
    ['a name every object has', { model_type: 'constructor' }, /constructor is not a family/],
    ['no number of layers', { ...bert, num_hidden_layers: null }, /num_hidden_layers/],
    ['heads that do not divide the width', { ...bert, num_attention_heads: 7 }, /not a multiple/],
    ['relative positions', { ...bert, position_embedding_type: 'relative_key' }, /position_embedding_type/],
    ['a decoder', { ...bert, is_decoder: true }, /is_decoder/],
    ['an unknown activation', { ...bert, hidden_act: 'swiglu' }, /hidden_act/],
    ['no position behind padding', { ...roberta, max_position_embeddings: 2 }, /leaves no position/],
    ['DeBERTa without relative attention', { ...deberta, relative_attention: false }, /relative_attention/],
    ['unknown parts of attention', { ...deberta, pos_att_type: ['p2p'] }, /pos_att_type.*c2p and p2c/],
    ['a convolution of even width', { ...deberta, conv_kernel_size: 4 }, /conv_kernel_size is even/],
    ['a single bucket', { ...deberta, position_buckets: 1 }, /position_buckets does not fit/],
    ['more buckets than positions', { ...deberta, position_buckets: 1024 }, /position_buckets does not fit/],
    [
      'a table of two thousand million positions',
      { ...deberta, max_position_embeddings: 2 ** 31 - 1 },
      /max_pos/,
    ],
    ['a thousand million layers', { ...llama, num_hidden_layers: 1e9 }, /num_hidden_layers/],
    ['heads as wide as a text', { ...llama, head_dim: 1e9 }, /head_dim/],
    ['another table of DeBERTa', { ...deberta, embedding_size: 128 }, /embedding_size/],
    [
      'groups of several layers',
      { ...bert, model_type: 'albert', embedding_size: 128, inner_group_num: 2 },
      /inner_group_num/,
    ],
    ['cross-attention', { ...gpt2, add_cross_attention: true }, /add_cross_attention/],
    [
      'unknown rotary positions',
      { ...llama, rope_scaling: { rope_type: 'proportional', factor: 4 } },
      /rope_scaling\.rope_type: of rotary positions only default, linear/,
    ],
    ['scaled positions without a factor', { ...llama, rope_scaling: { type: 'linear' } }, /no factor/],
    [
      'rotary positions of an odd part of a head',
      { ...llama, rope_parameters: { partial_rotary_factor: 0.3 }, rope_scaling: null },
      /19 entries of a head cannot be turned in pairs/,
    ],
    ['queries that cannot share keys', { ...llama, num_key_value_heads: 5 }, /num_key_value_heads/],
    ['another kind of layer', { ...llama, layer_types: ['chunked_attention'] }, /layer_types/],
    [
      'fewer kinds of layers than layers',
      { ...modernBert, layer_types: ['full_attention'] },
      /layer_types does not have/,
    ],
    [
      'weights quantised in a way that is not read',
      { ...llama, quantization_config: { quant_method: 'gptq', bits: 4 } },
      /quantization_config\.quant_method: of quantised weights/,
    ],
    ['labels by names', { ...bert, id2label: { NEGATIVE: 0 } }, /id2label.*NEGATIVE/],
    ['no family', { hidden_size: 8 }, /model_type is missing/],
    ['a class of no family', { architectures: ['Bertram'] }, /model_type is missing/],
    [
      'a Mistral with kinds of layers',
      { ...llama, model_type: 'mistral', layer_types: [] },
      /layer_types.*ministral/,
    ],
    ['a list', [], /config.json cannot be used/],
    ['null', null, /config.json cannot be used/],
  ])('refuses %s and names the field', (_, config, message) => {
    expect(() => parseModelConfig(config)).toThrow(message)
  })

  it('says where the families that are read are listed', () => {
    try {
      parseModelConfig({ model_type: 't5' })
      expect.unreachable()
    } catch (thrown) {
      expect(failureOf(thrown)).toMatchObject({ kind: 'unsupported-model' })
      expect(failureOf(thrown).advice).toMatch(/ONNX.*docs\/models\.md/)
    }
  })
})
