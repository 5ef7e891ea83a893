import * as v from 'valibot'
import {
  activation,
  type CommonConfig,
  commonEntries,
  commonOf,
  epsilon,
  HEADS_DIVIDE_WIDTH,
  headsDivideWidth,
  headWidth,
  layerCount,
  positiveInteger,
  positiveNumber,
  wholeNumber,
} from './modelConfigFields'
import { isRotaryWidth, ROTARY_WIDTH, rotarySchema, scalingOf } from './modelConfigRotary'
import { type RotaryFrequencies, rotaryFrequencies } from './rotaryFrequencies'

export interface Gpt2Config extends CommonConfig {
  readonly family: 'gpt2'
}

/** RMSNorm, rotary positions, grouped queries, gated feed-forward: Llama and the decoders after its pattern. */
export interface LlamaConfig extends CommonConfig {
  readonly family: 'llama' | 'mistral' | 'qwen2' | 'qwen3'
  /** Heads of keys and values; each serves `heads / keyHeads` heads of queries. */
  readonly keyHeads: number
  readonly headSize: number
  readonly frequencies: RotaryFrequencies
  /** By layer: how many positions back a position sees; null: all of them. */
  readonly reach: readonly (number | null)[]
  readonly queryBias: boolean
  readonly outputBias: boolean
  readonly feedForwardBias: boolean
  /** RMSNorm of each head's queries and keys (Qwen3). */
  readonly headNorms: boolean
}

export const gpt2Schema = v.pipe(
  v.object({
    ...commonEntries,
    model_type: v.literal('gpt2'),
    n_layer: layerCount,
    n_embd: positiveInteger,
    n_head: positiveInteger,
    n_inner: v.nullish(positiveInteger),
    n_positions: positiveInteger,
    activation_function: activation,
    layer_norm_epsilon: epsilon,
    scale_attn_weights: v.optional(v.literal(true, 'unscaled attention is not read'), true),
    scale_attn_by_inverse_layer_idx: v.optional(
      v.literal(false, 'attention scaled by the layer is not read'),
      false,
    ),
    add_cross_attention: v.optional(v.literal(false, 'cross-attention is not read'), false),
  }),
  v.check((config) => config.n_embd % config.n_head === 0, 'n_embd is not a multiple of n_head'),
  v.transform(
    (config): Gpt2Config => ({
      family: config.model_type,
      ...commonOf(config),
      layers: config.n_layer,
      width: config.n_embd,
      heads: config.n_head,
      intermediate: config.n_inner ?? 4 * config.n_embd,
      maxPositions: config.n_positions,
      activation: config.activation_function,
      normEpsilon: config.layer_norm_epsilon,
    }),
  ),
)

const decoderEntries = {
  ...commonEntries,
  hidden_size: positiveInteger,
  num_hidden_layers: layerCount,
  num_attention_heads: positiveInteger,
  num_key_value_heads: v.nullish(positiveInteger),
  head_dim: v.nullish(headWidth),
  intermediate_size: positiveInteger,
  max_position_embeddings: positiveInteger,
  hidden_act: activation,
  rms_norm_eps: epsilon,
  attention_bias: v.optional(v.boolean(), false),
  mlp_bias: v.optional(v.boolean(), false),
  // transformers 5 writes the first, 4 the other two.
  rope_parameters: v.nullish(rotarySchema),
  rope_scaling: v.nullish(rotarySchema),
  rope_theta: v.nullish(positiveNumber, 10_000),
  sliding_window: v.nullish(positiveInteger),
  use_sliding_window: v.optional(v.boolean(), false),
  max_window_layers: v.nullish(wholeNumber, 28),
  layer_types: v.nullish(
    v.array(v.picklist(['full_attention', 'sliding_attention'], 'only full and sliding attention are read')),
  ),
}

/** By layer, how many positions a position sees besides itself; null: all of them. */
function reachOf(
  family: LlamaConfig['family'],
  config: v.InferOutput<v.ObjectSchema<typeof decoderEntries, undefined>>,
): (number | null)[] {
  const window = config.sliding_window ? config.sliding_window - 1 : null
  const slides = (layer: number) => {
    if (family === 'llama') return false
    if (family === 'mistral') return true
    if (!config.use_sliding_window) return false
    return config.layer_types
      ? config.layer_types[layer] === 'sliding_attention'
      : layer >= config.max_window_layers
  }
  return Array.from({ length: config.num_hidden_layers }, (_, layer) => (slides(layer) ? window : null))
}

export const llamaSchema = v.pipe(
  v.object({
    ...decoderEntries,
    model_type: v.picklist(['llama', 'mistral', 'qwen2', 'qwen3']),
  }),
  v.check((config) => config.head_dim != null || headsDivideWidth(config), HEADS_DIVIDE_WIDTH),
  v.check(
    (config) => config.num_attention_heads % (config.num_key_value_heads ?? config.num_attention_heads) === 0,
    'num_attention_heads is not a multiple of num_key_value_heads',
  ),
  v.check(
    (config) => isRotaryWidth(config.head_dim ?? config.hidden_size / config.num_attention_heads),
    ROTARY_WIDTH,
  ),
  v.transform((config): LlamaConfig => {
    const family = config.model_type
    const headSize = config.head_dim ?? config.hidden_size / config.num_attention_heads
    const rotary = config.rope_parameters ?? config.rope_scaling ?? {}
    const theta = config.rope_parameters?.rope_theta ?? config.rope_theta
    return {
      family,
      ...commonOf(config),
      layers: config.num_hidden_layers,
      width: config.hidden_size,
      heads: config.num_attention_heads,
      keyHeads: config.num_key_value_heads ?? config.num_attention_heads,
      headSize,
      intermediate: config.intermediate_size,
      maxPositions: config.max_position_embeddings,
      activation: config.hidden_act,
      normEpsilon: config.rms_norm_eps,
      frequencies: rotaryFrequencies(headSize, theta, scalingOf(rotary)),
      reach: reachOf(family, config),
      // Qwen2 has these biases in its code, not its config.
      queryBias: family === 'qwen2' || config.attention_bias,
      outputBias: family !== 'qwen2' && config.attention_bias,
      feedForwardBias: family === 'llama' && config.mlp_bias,
      headNorms: family === 'qwen3',
    }
  }),
)
