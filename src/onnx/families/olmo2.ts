import * as v from 'valibot'
import { epsilon } from '../../weights/modelConfigFields'
import { Decoder, type DecoderConfig } from './decoder'
import type { FamilyEntry } from './family'
import { LLAMA_NAMES, rotaryDecoderEntries, rotaryDecoderOf } from './rotaryDecoder'

const schema = v.pipe(
  v.object({
    ...rotaryDecoderEntries,
    rms_norm_eps: epsilon,
    attention_bias: v.boolean(),
  }),
  v.transform((config): DecoderConfig => {
    const norm = { kind: 'rms', epsilon: config.rms_norm_eps } as const
    return rotaryDecoderOf(config, {
      names: {
        ...LLAMA_NAMES,
        attentionNorms: { inside: 'post_attention_layernorm' },
        feedForwardNorms: { inside: 'post_feedforward_layernorm' },
      },
      norm,
      projectionBias: config.attention_bias,
      outputBias: config.attention_bias,
      headNorm: { query: 'self_attn.q_norm', key: 'self_attn.k_norm', norm, over: 'all' },
    })
  }),
)

/** OLMo 2 (OLMo team 2024): Llama with its norms after the parts, and norms over all queries and all keys. */
export const olmo2: FamilyEntry<DecoderConfig> = {
  modelTypes: ['olmo2'],
  causal: true,
  schema,
  write: (input) => new Decoder(input),
}
