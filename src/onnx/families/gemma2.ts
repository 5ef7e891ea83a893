import * as v from 'valibot'
import { activation, epsilon, positiveInteger, positiveNumber } from '../../weights/modelConfigFields'
import { Decoder, type DecoderConfig } from './decoder'
import type { FamilyEntry } from './family'
import { LLAMA_NAMES, reachOf, rotaryDecoderEntries, rotaryDecoderOf, sharedRotaryOf } from './rotaryDecoder'

/** Gemma's norms on both sides of each part. */
export const GEMMA2_NAMES = {
  ...LLAMA_NAMES,
  attentionNorms: { before: 'input_layernorm', inside: 'post_attention_layernorm' },
  feedForwardNorms: { before: 'pre_feedforward_layernorm', inside: 'post_feedforward_layernorm' },
}

const { hidden_act: _ignored, ...entries } = rotaryDecoderEntries

/** Fields that Gemma 2 and 3 share. */
export const gemma2Entries = {
  ...entries,
  hidden_activation: activation,
  rms_norm_eps: epsilon,
  attention_bias: v.boolean(),
  query_pre_attn_scalar: positiveNumber,
  sliding_window: v.nullish(positiveInteger),
  final_logit_softcapping: v.nullish(positiveNumber),
  use_bidirectional_attention: v.nullish(v.literal(false, 'attention to later positions is not read')),
}

const schema = v.pipe(
  v.object({ ...gemma2Entries, attn_logit_softcapping: v.nullish(positiveNumber) }),
  v.transform((config): DecoderConfig => {
    const rotary = sharedRotaryOf(config)
    const attention = Array.from({ length: config.num_hidden_layers }, (_, layer) => {
      const slides = config.layer_types ? config.layer_types[layer] === 'sliding_attention' : layer % 2 === 0
      return {
        reach: slides ? reachOf(config.sliding_window) : null,
        rotary,
        scale: config.query_pre_attn_scalar ** -0.5,
      }
    })
    return rotaryDecoderOf(
      { ...config, hidden_act: config.hidden_activation },
      {
        names: GEMMA2_NAMES,
        norm: { kind: 'rms', epsilon: config.rms_norm_eps, scaleOffset: 1 },
        attention,
        projectionBias: config.attention_bias,
        outputBias: config.attention_bias,
        embeddingScale: Math.sqrt(config.hidden_size),
        scoreCap: config.attn_logit_softcapping,
        logitCap: config.final_logit_softcapping,
      },
    )
  }),
)

/** Gemma 2 (Gemma team 2024): Gemma with norms on both sides of each part, a window in every other layer, and bent scores. */
export const gemma2: FamilyEntry<DecoderConfig> = {
  modelTypes: ['gemma2'],
  causal: true,
  schema,
  write: (input) => new Decoder(input),
}
