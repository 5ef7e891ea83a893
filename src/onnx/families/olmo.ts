import * as v from 'valibot'
import { positiveNumber } from '../../weights/modelConfigFields'
import { Decoder, type DecoderConfig } from './decoder'
import type { FamilyEntry } from './family'
import { rotaryDecoderEntries, rotaryDecoderOf } from './rotaryDecoder'

/** Epsilon of the norms, written into OLMo's code, not its config. */
const EPSILON = 1e-5

const schema = v.pipe(
  v.object({
    ...rotaryDecoderEntries,
    attention_bias: v.boolean(),
    clip_qkv: v.nullish(positiveNumber),
  }),
  v.transform(
    (config): DecoderConfig =>
      rotaryDecoderOf(config, {
        norm: { kind: 'layer', epsilon: EPSILON, affine: false },
        projectionBias: config.attention_bias,
        outputBias: config.attention_bias,
        projectionLimit: config.clip_qkv,
      }),
  ),
)

/** OLMo (Groeneveld et al. 2024): Llama with LayerNorm that has no weights; queries, keys and values may be clipped. */
export const olmo: FamilyEntry<DecoderConfig> = {
  modelTypes: ['olmo'],
  causal: true,
  schema,
  write: (input) => new Decoder(input),
}
