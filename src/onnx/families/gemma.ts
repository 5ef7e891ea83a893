import * as v from 'valibot'
import { epsilon } from '../../weights/modelConfigFields'
import { Decoder, type DecoderConfig } from './decoder'
import type { FamilyEntry } from './family'
import { rotaryDecoderEntries, rotaryDecoderOf } from './rotaryDecoder'

const schema = v.pipe(
  v.object({
    ...rotaryDecoderEntries,
    rms_norm_eps: epsilon,
    attention_bias: v.boolean(),
    use_bidirectional_attention: v.nullish(v.literal(false, 'attention to later positions is not read')),
  }),
  v.transform(
    (config): DecoderConfig =>
      rotaryDecoderOf(config, {
        // transformers takes `gelu` for a slip of old files.
        activation: config.hidden_act === 'gelu' ? 'gelu-tanh' : config.hidden_act,
        norm: { kind: 'rms', epsilon: config.rms_norm_eps, scaleOffset: 1 },
        projectionBias: config.attention_bias,
        outputBias: config.attention_bias,
        embeddingScale: Math.sqrt(config.hidden_size),
      }),
  ),
)

/** Gemma (Gemma team 2024): Llama with scaled embeddings, and norms whose weights are stored less 1. */
export const gemma: FamilyEntry<DecoderConfig> = {
  modelTypes: ['gemma'],
  causal: true,
  schema,
  write: (input) => new Decoder(input),
}
