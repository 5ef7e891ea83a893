import * as v from 'valibot'
import { positiveInteger, positiveNumber } from '../../weights/modelConfigFields'
import { rotaryOf, rotarySchema } from '../../weights/rotary'
import { Decoder, type DecoderConfig } from './decoder'
import type { FamilyEntry } from './family'
import { GEMMA2_NAMES, gemma2Entries } from './gemma2'
import { headSizeOf, reachOf, rotaryDecoderOf } from './rotaryDecoder'

/** transformers' default of the pattern: every sixth layer sees everything. */
const PATTERN = 6
const [GLOBAL_THETA, LOCAL_THETA] = [1e6, 1e4]

const schema = v.pipe(
  v.object({
    ...gemma2Entries,
    rope_parameters: v.nullish(
      v.object({
        full_attention: v.nullish(rotarySchema),
        sliding_attention: v.nullish(rotarySchema),
      }),
    ),
    rope_local_base_freq: v.nullish(positiveNumber),
    sliding_window_pattern: v.nullish(positiveInteger),
  }),
  v.transform((config): DecoderConfig => {
    const { rope_parameters, rope_scaling, ...rest } = config
    const sizes = { headSize: headSizeOf(config), maxPositions: config.max_position_embeddings }
    const full = rotaryOf(
      {
        rope_parameters: { ...rope_parameters?.full_attention, ...rope_scaling } as typeof rope_scaling,
        rope_theta: config.rope_theta,
      },
      { ...sizes, theta: GLOBAL_THETA },
    )
    const local = rotaryOf(
      { rope_parameters: rope_parameters?.sliding_attention, rope_theta: config.rope_local_base_freq },
      { ...sizes, theta: LOCAL_THETA },
    )
    const pattern = config.sliding_window_pattern ?? PATTERN
    const attention = Array.from({ length: config.num_hidden_layers }, (_, layer) => {
      const slides = config.layer_types
        ? config.layer_types[layer] === 'sliding_attention'
        : (layer + 1) % pattern !== 0
      return {
        reach: slides ? reachOf(config.sliding_window) : null,
        rotary: slides ? local : full,
        scale: config.query_pre_attn_scalar ** -0.5,
      }
    })
    const norm = { kind: 'rms', epsilon: config.rms_norm_eps, scaleOffset: 1 } as const
    return rotaryDecoderOf(
      { ...rest, hidden_act: config.hidden_activation },
      {
        names: GEMMA2_NAMES,
        norm,
        attention,
        projectionBias: config.attention_bias,
        outputBias: config.attention_bias,
        embeddingScale: Math.sqrt(config.hidden_size),
        headNorm: { query: 'self_attn.q_norm', key: 'self_attn.k_norm', norm, over: 'head' },
        logitCap: config.final_logit_softcapping,
      },
    )
  }),
)

/** Gemma 3 (Gemma team 2025): Gemma 2 with norms of each head in place of bent scores, and other rotary positions in windows. */
export const gemma3: FamilyEntry<DecoderConfig> = {
  modelTypes: ['gemma3_text'],
  causal: true,
  schema,
  write: (input) => new Decoder(input),
}
