import * as v from 'valibot'
import { epsilon, positiveInteger } from '../../weights/modelConfigFields'
import { Decoder, type DecoderConfig } from './decoder'
import type { FamilyEntry } from './family'
import { reachOf, rotaryDecoderEntries, rotaryDecoderOf, sharedRotaryOf } from './rotaryDecoder'

const schema = v.pipe(
  v.object({
    ...rotaryDecoderEntries,
    rms_norm_eps: epsilon,
    sliding_window: v.nullish(positiveInteger),
    layer_types: v.nullish(
      v.never('transformers reads a Mistral with kinds of layers as ministral, which is not read'),
    ),
  }),
  v.transform(
    (config): DecoderConfig =>
      rotaryDecoderOf(config, {
        norm: { kind: 'rms', epsilon: config.rms_norm_eps },
        attention: [{ reach: reachOf(config.sliding_window), rotary: sharedRotaryOf(config) }],
      }),
  ),
)

/** Mistral (Jiang et al. 2023): Llama whose positions see a window. */
export const mistral: FamilyEntry<DecoderConfig> = {
  modelTypes: ['mistral'],
  causal: true,
  schema,
  write: (input) => new Decoder(input),
}
