import * as v from 'valibot'
import { epsilon, positiveInteger } from '../../weights/modelConfigFields'
import { Decoder, type DecoderConfig } from './decoder'
import type { FamilyEntry } from './family'
import { reachOf, rotaryDecoderEntries, rotaryDecoderOf, sharedRotaryOf } from './rotaryDecoder'

const schema = v.pipe(
  v.object({
    ...rotaryDecoderEntries,
    rms_norm_eps: epsilon,
    attention_bias: v.boolean(),
    mlp_bias: v.boolean(),
    use_sliding_window: v.boolean(),
    sliding_window: v.nullish(positiveInteger),
    no_rope_layers: v.nullish(v.array(v.number())),
    no_rope_layer_interval: positiveInteger,
  }),
  v.transform((config): DecoderConfig => {
    const rotary = sharedRotaryOf(config)
    const window = config.use_sliding_window ? reachOf(config.sliding_window) : null
    const attention = Array.from({ length: config.num_hidden_layers }, (_, layer) => {
      // The list says 1 of layers that have positions.
      const turns = config.no_rope_layers
        ? Boolean(config.no_rope_layers[layer])
        : (layer + 1) % config.no_rope_layer_interval !== 0
      const slides = config.layer_types ? config.layer_types[layer] === 'sliding_attention' : !turns
      return { reach: slides ? window : null, rotary: turns ? rotary : null }
    })
    return rotaryDecoderOf(config, {
      norm: { kind: 'rms', epsilon: config.rms_norm_eps },
      attention,
      projectionBias: config.attention_bias,
      outputBias: config.attention_bias,
      feedForwardBias: config.mlp_bias,
    })
  }),
)

/** SmolLM3 (Hugging Face 2025): Llama of which some layers have no positions, and these may see a window. */
export const smolLm3: FamilyEntry<DecoderConfig> = {
  modelTypes: ['smollm3'],
  causal: true,
  schema,
  write: (input) => new Decoder(input),
}
