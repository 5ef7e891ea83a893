import * as v from 'valibot'
import {
  activation,
  commonEntries,
  commonOf,
  HEADS_DIVIDE_WIDTH,
  headsDivideWidth,
  headWidth,
  layerCount,
  positiveInteger,
  refuseConfig,
} from '../../weights/modelConfigFields'
import { type RotaryDefaults, rotaryEntries, rotaryOf, type StatedRotary } from '../../weights/rotary'
import type { DecoderConfig, DecoderNames } from './decoder'

/** Names of Llama's tensors, which most later decoders use too. */
export const LLAMA_NAMES = {
  prefix: 'model.',
  wordTable: 'embed_tokens.weight',
  layers: 'layers',
  attentionNorms: { before: 'input_layernorm' },
  feedForwardNorms: { before: 'post_attention_layernorm' },
  finalNorm: 'norm',
  projections: ['self_attn.q_proj', 'self_attn.k_proj', 'self_attn.v_proj'],
  attentionOutput: 'self_attn.o_proj',
  gate: 'mlp.gate_proj',
  up: 'mlp.up_proj',
  down: 'mlp.down_proj',
  head: 'lm_head',
} as const satisfies DecoderNames

/** The layers that see a window, as transformers 5 lists them. */
const layerTypes = v.nullish(
  v.array(v.picklist(['full_attention', 'sliding_attention'], 'only full and sliding attention are read')),
)

/** Fields of a decoder with rotary positions and grouped queries, as Llama's config names them. */
export const rotaryDecoderEntries = {
  ...commonEntries,
  ...rotaryEntries,
  hidden_size: positiveInteger,
  num_hidden_layers: layerCount,
  num_attention_heads: positiveInteger,
  num_key_value_heads: v.nullish(positiveInteger),
  head_dim: v.nullish(headWidth),
  intermediate_size: positiveInteger,
  max_position_embeddings: positiveInteger,
  hidden_act: activation,
  layer_types: layerTypes,
}

interface SizeFields {
  readonly hidden_size: number
  readonly num_attention_heads: number
  readonly num_key_value_heads?: number | null
  readonly head_dim?: number | null
}

type DecoderFields = SizeFields &
  StatedRotary &
  Parameters<typeof commonOf>[0] & {
    readonly num_hidden_layers: number
    readonly intermediate_size: number
    readonly max_position_embeddings: number
    readonly hidden_act: DecoderConfig['activation']
  }

export const headSizeOf = (config: SizeFields) =>
  config.head_dim ?? config.hidden_size / config.num_attention_heads

/** Reads the rotary positions that a decoder's layers share. */
export const sharedRotaryOf = (
  config: SizeFields & StatedRotary & { readonly max_position_embeddings: number },
  defaults: Partial<RotaryDefaults> = {},
) =>
  rotaryOf(config, {
    headSize: headSizeOf(config),
    maxPositions: config.max_position_embeddings,
    ...defaults,
  })

/** Holds the values of a decoder's config that its family states itself; the rest is Llama's. */
type Own = Pick<DecoderConfig, 'norm'> & Partial<DecoderConfig>

/**
 * Reads a decoder after Llama's pattern: RMSNorm before each part, rotary positions, grouped queries, a gated
 * feed-forward part, no biases; `own` holds what differs in the family.
 *
 * @throws FailureError `unsupported-model` where sizes do not fit each other
 */
export function rotaryDecoderOf(
  config: DecoderFields,
  own: Own,
  rotary: Partial<RotaryDefaults> = {},
): DecoderConfig {
  const keyHeads = config.num_key_value_heads ?? config.num_attention_heads
  if (config.head_dim == null && !headsDivideWidth(config)) refuseConfig(HEADS_DIVIDE_WIDTH)
  if (config.num_attention_heads % keyHeads !== 0) {
    refuseConfig('num_attention_heads is not a multiple of num_key_value_heads')
  }
  const attention = own.attention ?? [{ reach: null, rotary: sharedRotaryOf(config, rotary) }]
  return {
    ...commonOf(config),
    names: LLAMA_NAMES,
    layers: config.num_hidden_layers,
    width: config.hidden_size,
    heads: config.num_attention_heads,
    keyHeads,
    headSize: headSizeOf(config),
    intermediate: config.intermediate_size,
    maxPositions: config.max_position_embeddings,
    activation: config.hidden_act,
    normEpsilon: own.norm.epsilon,
    projectionBias: false,
    outputBias: false,
    feedForwardBias: false,
    ...own,
    attention:
      attention.length === 1
        ? Array.from({ length: config.num_hidden_layers }, () => attention[0])
        : attention,
  }
}

/** Returns the number of positions a layer sees before its own: a window counts that one too. */
export const reachOf = (window: number | null | undefined) => (window ? window - 1 : null)
