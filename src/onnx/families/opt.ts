import * as v from 'valibot'
import {
  activation,
  commonEntries,
  commonOf,
  layerCount,
  positiveInteger,
} from '../../weights/modelConfigFields'
import { Decoder, type DecoderConfig } from './decoder'
import type { FamilyEntry } from './family'

/** Rows of the position table before the first position, and torch's own epsilon: written into OPT's code. */
const OFFSET = 2
const EPSILON = 1e-5

const schema = v.pipe(
  v.object({
    ...commonEntries,
    hidden_size: positiveInteger,
    num_hidden_layers: layerCount,
    num_attention_heads: positiveInteger,
    ffn_dim: positiveInteger,
    max_position_embeddings: positiveInteger,
    activation_function: activation,
    do_layer_norm_before: v.boolean(),
    _remove_final_layer_norm: v.boolean(),
    word_embed_proj_dim: v.nullish(positiveInteger),
    enable_bias: v.boolean(),
    layer_norm_elementwise_affine: v.boolean(),
  }),
  v.check(
    (config) => config.hidden_size % config.num_attention_heads === 0,
    'hidden_size is not a multiple of num_attention_heads',
  ),
  v.check(
    (config) => (config.word_embed_proj_dim ?? config.hidden_size) === config.hidden_size,
    'word_embed_proj_dim differs from hidden_size, which is not read in this family',
  ),
  v.transform((config): DecoderConfig => {
    const before = config.do_layer_norm_before
    const placed = (name: string) => (before ? { before: name } : { after: name })
    const hasFinal = before && !config._remove_final_layer_norm
    return {
      ...commonOf(config),
      names: {
        prefix: 'model.',
        wordTable: 'decoder.embed_tokens.weight',
        layers: 'decoder.layers',
        attentionNorms: placed('self_attn_layer_norm'),
        feedForwardNorms: placed('final_layer_norm'),
        finalNorm: hasFinal ? 'decoder.final_layer_norm' : null,
        projections: ['self_attn.q_proj', 'self_attn.k_proj', 'self_attn.v_proj'],
        attentionOutput: 'self_attn.out_proj',
        up: 'fc1',
        down: 'fc2',
        head: 'lm_head',
      },
      layers: config.num_hidden_layers,
      width: config.hidden_size,
      heads: config.num_attention_heads,
      keyHeads: config.num_attention_heads,
      headSize: config.hidden_size / config.num_attention_heads,
      intermediate: config.ffn_dim,
      maxPositions: config.max_position_embeddings,
      positions: { name: 'decoder.embed_positions.weight', offset: OFFSET },
      activation: config.activation_function,
      norm: { kind: 'layer', epsilon: EPSILON, affine: config.layer_norm_elementwise_affine },
      normEpsilon: EPSILON,
      attention: new Array(config.num_hidden_layers).fill({ reach: null, rotary: null }),
      projectionBias: config.enable_bias,
      outputBias: config.enable_bias,
      feedForwardBias: config.enable_bias,
    }
  }),
)

/** OPT (Zhang et al. 2022): learned positions counted from 2, LayerNorm before each part, or after each sum. */
export const opt: FamilyEntry<DecoderConfig> = {
  modelTypes: ['opt'],
  causal: true,
  schema,
  write: (input) => new Decoder(input),
}
