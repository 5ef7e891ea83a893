import * as v from 'valibot'
import {
  type Activation,
  activation,
  type CommonConfig,
  commonEntries,
  commonOf,
  epsilon,
  HEADS_DIVIDE_WIDTH,
  headsDivideWidth,
  layerCount,
  positiveInteger,
  positiveNumber,
} from './modelConfigFields'
import { isRotaryWidth, ROTARY_WIDTH, rotarySchema, scalingOf } from './modelConfigRotary'
import { type RotaryFrequencies, rotaryFrequencies } from './rotaryFrequencies'

export interface ModernBertConfig extends CommonConfig {
  readonly family: 'modernbert'
  /** By layer: how far a position sees (null: everywhere), and its rotary frequencies. */
  readonly attention: readonly {
    readonly distance: number | null
    readonly frequencies: RotaryFrequencies
  }[]
  readonly normBias: boolean
  readonly attentionBias: boolean
  readonly feedForwardBias: boolean
  readonly headBias: boolean
  readonly headActivation: Activation
  readonly decoderBias: boolean
  readonly pooling: 'cls' | 'mean'
}

const layerType = v.picklist(['full_attention', 'sliding_attention'])

export const modernBertSchema = v.pipe(
  v.object({
    ...commonEntries,
    model_type: v.literal('modernbert'),
    hidden_size: positiveInteger,
    num_hidden_layers: layerCount,
    num_attention_heads: positiveInteger,
    intermediate_size: positiveInteger,
    max_position_embeddings: positiveInteger,
    hidden_activation: activation,
    norm_eps: epsilon,
    norm_bias: v.optional(v.boolean(), false),
    attention_bias: v.optional(v.boolean(), false),
    mlp_bias: v.optional(v.boolean(), false),
    classifier_bias: v.optional(v.boolean(), false),
    classifier_activation: v.optional(activation, 'gelu'),
    classifier_pooling: v.optional(v.picklist(['cls', 'mean']), 'cls'),
    decoder_bias: v.optional(v.boolean(), true),
    local_attention: v.optional(positiveInteger, 128),
    layer_types: v.nullish(v.array(layerType)),
    global_attn_every_n_layers: v.optional(positiveInteger, 3),
    // transformers 5 writes the first, 4 the other two.
    rope_parameters: v.nullish(
      v.object({
        full_attention: v.nullish(rotarySchema),
        sliding_attention: v.nullish(rotarySchema),
      }),
    ),
    global_rope_theta: v.optional(positiveNumber, 160_000),
    local_rope_theta: v.nullish(positiveNumber, 10_000),
  }),
  v.check((config) => headsDivideWidth(config), HEADS_DIVIDE_WIDTH),
  v.check((config) => isRotaryWidth(config.hidden_size / config.num_attention_heads), ROTARY_WIDTH),
  v.check(
    (config) => !config.layer_types || config.layer_types.length === config.num_hidden_layers,
    'layer_types does not have num_hidden_layers entries',
  ),
  v.transform((config): ModernBertConfig => {
    const headSize = config.hidden_size / config.num_attention_heads
    const rotary = (type: v.InferOutput<typeof layerType>, theta: number) => {
      const stated = config.rope_parameters?.[type]
      return rotaryFrequencies(headSize, stated?.rope_theta ?? theta, scalingOf(stated ?? {}))
    }
    const attentionOf = {
      full_attention: { distance: null, frequencies: rotary('full_attention', config.global_rope_theta) },
      sliding_attention: {
        distance: Math.floor(config.local_attention / 2),
        frequencies: rotary('sliding_attention', config.local_rope_theta),
      },
    }
    const typeOf = (layer: number) =>
      config.layer_types?.[layer] ??
      (layer % config.global_attn_every_n_layers === 0 ? 'full_attention' : 'sliding_attention')
    return {
      family: config.model_type,
      ...commonOf(config),
      layers: config.num_hidden_layers,
      width: config.hidden_size,
      heads: config.num_attention_heads,
      intermediate: config.intermediate_size,
      maxPositions: config.max_position_embeddings,
      activation: config.hidden_activation,
      normEpsilon: config.norm_eps,
      attention: Array.from({ length: config.num_hidden_layers }, (_, layer) => attentionOf[typeOf(layer)]),
      normBias: config.norm_bias,
      attentionBias: config.attention_bias,
      feedForwardBias: config.mlp_bias,
      headBias: config.classifier_bias,
      headActivation: config.classifier_activation,
      decoderBias: config.decoder_bias,
      pooling: config.classifier_pooling,
    }
  }),
)
