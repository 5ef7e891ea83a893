import * as v from 'valibot'
import { epsilon, positiveInteger } from '../../weights/modelConfigFields'
import { Decoder, type DecoderConfig } from './decoder'
import type { FamilyEntry } from './family'
import { LLAMA_NAMES, reachOf, rotaryDecoderEntries, rotaryDecoderOf, sharedRotaryOf } from './rotaryDecoder'

const schema = v.pipe(
  v.object({
    ...rotaryDecoderEntries,
    norm_epsilon: epsilon,
    use_bias: v.boolean(),
    sliding_window: v.nullish(positiveInteger),
  }),
  v.transform(
    (config): DecoderConfig =>
      rotaryDecoderOf(config, {
        names: { ...LLAMA_NAMES, gate: undefined, up: 'mlp.c_fc', down: 'mlp.c_proj' },
        norm: { kind: 'layer', epsilon: config.norm_epsilon },
        attention: [{ reach: reachOf(config.sliding_window), rotary: sharedRotaryOf(config) }],
        projectionBias: config.use_bias,
        outputBias: config.use_bias,
        feedForwardBias: config.use_bias,
      }),
  ),
)

/** StarCoder2 (Lozhkov et al. 2024): Llama with LayerNorm, biases and a feed-forward part without a gate. */
export const starcoder2: FamilyEntry<DecoderConfig> = {
  modelTypes: ['starcoder2'],
  causal: true,
  schema,
  write: (input) => new Decoder(input),
}
