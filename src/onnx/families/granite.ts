import * as v from 'valibot'
import { epsilon, factor, positiveNumber } from '../../weights/modelConfigFields'
import { Decoder, type DecoderConfig } from './decoder'
import type { FamilyEntry } from './family'
import { rotaryDecoderEntries, rotaryDecoderOf, sharedRotaryOf } from './rotaryDecoder'

const schema = v.pipe(
  v.object({
    ...rotaryDecoderEntries,
    rms_norm_eps: epsilon,
    attention_bias: v.boolean(),
    mlp_bias: v.boolean(),
    embedding_multiplier: factor,
    attention_multiplier: factor,
    residual_multiplier: factor,
    logits_scaling: positiveNumber,
  }),
  v.transform(
    (config): DecoderConfig =>
      rotaryDecoderOf(config, {
        norm: { kind: 'rms', epsilon: config.rms_norm_eps },
        attention: [{ reach: null, rotary: sharedRotaryOf(config), scale: config.attention_multiplier }],
        projectionBias: config.attention_bias,
        outputBias: config.attention_bias,
        feedForwardBias: config.mlp_bias,
        embeddingScale: config.embedding_multiplier,
        residualScale: config.residual_multiplier,
        logitScale: 1 / config.logits_scaling,
      }),
  ),
)

/** Granite (IBM 2024): Llama with a factor each on embeddings, attention, parts and scores. */
export const granite: FamilyEntry<DecoderConfig> = {
  modelTypes: ['granite'],
  causal: true,
  schema,
  write: (input) => new Decoder(input),
}
