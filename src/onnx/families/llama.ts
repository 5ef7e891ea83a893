import * as v from 'valibot'
import { epsilon } from '../../weights/modelConfigFields'
import { Decoder, type DecoderConfig } from './decoder'
import type { FamilyEntry } from './family'
import { rotaryDecoderEntries, rotaryDecoderOf } from './rotaryDecoder'

const schema = v.pipe(
  v.object({
    ...rotaryDecoderEntries,
    rms_norm_eps: epsilon,
    attention_bias: v.optional(v.boolean(), false),
    mlp_bias: v.optional(v.boolean(), false),
  }),
  v.transform(
    (config): DecoderConfig =>
      rotaryDecoderOf(config, {
        norm: { kind: 'rms', epsilon: config.rms_norm_eps },
        projectionBias: config.attention_bias,
        outputBias: config.attention_bias,
        feedForwardBias: config.mlp_bias,
      }),
  ),
)

/**
 * Llama (Touvron et al. 2023): RMSNorm before each part, rotary positions, grouped queries, a gated feed-forward part
 * (Shazeer 2020).
 */
export const llama: FamilyEntry<DecoderConfig> = {
  modelTypes: ['llama'],
  causal: true,
  schema,
  write: (input) => new Decoder(input),
}
