import * as v from 'valibot'
import { epsilon } from '../../weights/modelConfigFields'
import { Decoder, type DecoderConfig } from './decoder'
import type { FamilyEntry } from './family'
import { windowEntries, windowsOf } from './qwen2'
import { rotaryDecoderEntries, rotaryDecoderOf, sharedRotaryOf } from './rotaryDecoder'

const schema = v.pipe(
  v.object({
    ...rotaryDecoderEntries,
    ...windowEntries,
    rms_norm_eps: epsilon,
    attention_bias: v.optional(v.boolean(), false),
  }),
  v.transform((config): DecoderConfig => {
    const rotary = sharedRotaryOf(config)
    const norm = { kind: 'rms', epsilon: config.rms_norm_eps } as const
    return rotaryDecoderOf(config, {
      norm,
      attention: windowsOf(config).map((reach) => ({ reach, rotary })),
      projectionBias: config.attention_bias,
      outputBias: config.attention_bias,
      headNorm: { query: 'self_attn.q_norm', key: 'self_attn.k_norm', norm, over: 'head' },
    })
  }),
)

/** Qwen3 (Yang et al. 2025): Qwen2 with a norm of each head's queries and keys. */
export const qwen3: FamilyEntry<DecoderConfig> = {
  modelTypes: ['qwen3'],
  causal: true,
  schema,
  write: (input) => new Decoder(input),
}
