import * as v from 'valibot'
import { epsilon, positiveInteger, wholeNumber } from '../../weights/modelConfigFields'
import { Decoder, type DecoderConfig } from './decoder'
import type { FamilyEntry } from './family'
import { reachOf, rotaryDecoderEntries, rotaryDecoderOf, sharedRotaryOf } from './rotaryDecoder'

/** Qwen's fields of the layers that see a window. */
export const windowEntries = {
  sliding_window: v.nullish(positiveInteger),
  use_sliding_window: v.optional(v.boolean(), false),
  max_window_layers: v.nullish(wholeNumber, 28),
}

interface WindowFields {
  readonly num_hidden_layers: number
  readonly sliding_window?: number | null
  readonly use_sliding_window: boolean
  readonly max_window_layers: number
  readonly layer_types?: readonly string[] | null
}

/** Returns the number of earlier positions that a position sees, by layer. */
export function windowsOf(config: WindowFields): (number | null)[] {
  const window = config.use_sliding_window ? reachOf(config.sliding_window) : null
  return Array.from({ length: config.num_hidden_layers }, (_, layer) => {
    const slides = config.layer_types
      ? config.layer_types[layer] === 'sliding_attention'
      : layer >= config.max_window_layers
    return slides ? window : null
  })
}

const schema = v.pipe(
  v.object({ ...rotaryDecoderEntries, ...windowEntries, rms_norm_eps: epsilon }),
  v.transform((config): DecoderConfig => {
    const rotary = sharedRotaryOf(config)
    return rotaryDecoderOf(config, {
      norm: { kind: 'rms', epsilon: config.rms_norm_eps },
      attention: windowsOf(config).map((reach) => ({ reach, rotary })),
      // Written into Qwen2's code, not its config.
      projectionBias: true,
    })
  }),
)

/** Qwen2 (Yang et al. 2024): Llama with biases on queries, keys and values; some layers may see a window. */
export const qwen2: FamilyEntry<DecoderConfig> = {
  modelTypes: ['qwen2'],
  causal: true,
  schema,
  write: (input) => new Decoder(input),
}
