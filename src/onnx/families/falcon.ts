import * as v from 'valibot'
import {
  activation,
  commonEntries,
  commonOf,
  epsilon,
  layerCount,
  positiveInteger,
  refuseConfig,
} from '../../weights/modelConfigFields'
import { rotaryEntries, rotaryOf } from '../../weights/rotary'
import { Decoder, type DecoderConfig } from './decoder'
import type { FamilyEntry } from './family'

const schema = v.pipe(
  v.object({
    ...commonEntries,
    ...rotaryEntries,
    hidden_size: positiveInteger,
    n_embed: v.nullish(positiveInteger),
    num_hidden_layers: layerCount,
    num_attention_heads: positiveInteger,
    num_kv_heads: v.nullish(positiveInteger),
    ffn_hidden_size: v.nullish(positiveInteger),
    max_position_embeddings: positiveInteger,
    activation,
    layer_norm_epsilon: epsilon,
    alibi: v.boolean(),
    bias: v.boolean(),
    multi_query: v.boolean(),
    new_decoder_architecture: v.boolean(),
    parallel_attn: v.boolean(),
    num_ln_in_parallel_attn: v.nullish(v.picklist([1, 2])),
  }),
  v.check(
    (config) => config.parallel_attn || !config.new_decoder_architecture,
    'parallel_attn: false is not read with new_decoder_architecture',
  ),
  v.check(
    (config) =>
      config.new_decoder_architecture || !config.parallel_attn || config.num_ln_in_parallel_attn !== 2,
    'num_ln_in_parallel_attn: 2 is read with new_decoder_architecture only',
  ),
  v.transform((config): DecoderConfig => {
    const { num_attention_heads: heads, num_kv_heads, parallel_attn: parallel, bias } = config
    const width = config.n_embed ?? config.hidden_size
    const isNew = config.new_decoder_architecture
    const keyHeads = isNew ? (num_kv_heads ?? heads) : config.multi_query ? 1 : heads
    if (width % heads !== 0) refuseConfig('hidden_size is not a multiple of num_attention_heads')
    if (heads % keyHeads !== 0) refuseConfig('num_attention_heads is not a multiple of num_kv_heads')
    const headSize = width / heads
    const two = isNew && config.num_ln_in_parallel_attn !== 1
    const second = parallel ? 'input_layernorm' : 'post_attention_layernorm'
    const rotary = config.alibi
      ? null
      : rotaryOf(config, { headSize, maxPositions: config.max_position_embeddings })
    return {
      ...commonOf(config),
      names: {
        prefix: 'transformer.',
        wordTable: 'word_embeddings.weight',
        layers: 'h',
        attentionNorms: { before: two ? 'ln_attn' : 'input_layernorm' },
        feedForwardNorms: { before: two ? 'ln_mlp' : second },
        finalNorm: 'ln_f',
        projections: 'self_attention.query_key_value',
        attentionOutput: 'self_attention.dense',
        up: 'mlp.dense_h_to_4h',
        down: 'mlp.dense_4h_to_h',
        head: 'lm_head',
      },
      layers: config.num_hidden_layers,
      width,
      heads,
      keyHeads,
      headSize,
      intermediate: config.ffn_hidden_size ?? 4 * width,
      maxPositions: config.max_position_embeddings,
      activation: config.activation,
      norm: { kind: 'layer', epsilon: config.layer_norm_epsilon },
      normEpsilon: config.layer_norm_epsilon,
      attention: new Array(config.num_hidden_layers).fill({ reach: null, rotary }),
      // The slopes of Falcon are rounded to bfloat16, and scaled with the products.
      alibi: config.alibi ? { coarse: true, scale: 1 / Math.sqrt(headSize) } : null,
      parallel,
      projectionBias: bias,
      outputBias: bias,
      feedForwardBias: bias,
    }
  }),
)

/**
 * Falcon (Almazrouei et al. 2023): one key head for all queries or for some, parallel parts, rotary positions or ALiBi.
 */
export const falcon: FamilyEntry<DecoderConfig> = {
  modelTypes: ['falcon'],
  causal: true,
  schema,
  write: (input) => new Decoder(input),
}
