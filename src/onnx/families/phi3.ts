import * as v from 'valibot'
import { epsilon, positiveInteger, refuseConfig } from '../../weights/modelConfigFields'
import { rotarySchema } from '../../weights/rotary'
import { Decoder, type DecoderConfig } from './decoder'
import type { FamilyEntry } from './family'
import { LLAMA_NAMES, reachOf, rotaryDecoderEntries, rotaryDecoderOf, sharedRotaryOf } from './rotaryDecoder'

/** Older names of LongRoPE in files of this family. */
const OLD_NAMES: readonly unknown[] = ['su', 'yarn']

const longRope = v.nullish(
  v.pipe(
    v.looseObject({}),
    v.transform(({ type, rope_type: name = type, ...fields }) => ({
      ...fields,
      rope_type: OLD_NAMES.includes(name) ? 'longrope' : name,
    })),
    rotarySchema,
  ),
)

const schema = v.pipe(
  v.object({
    ...rotaryDecoderEntries,
    rope_parameters: longRope,
    rope_scaling: longRope,
    rms_norm_eps: epsilon,
    sliding_window: v.nullish(positiveInteger),
  }),
  v.transform((config): DecoderConfig => {
    const { rope_type: type = 'default' } = config.rope_scaling ?? config.rope_parameters ?? {}
    if (type !== 'default' && type !== 'longrope') {
      refuseConfig(`rope_type: ${type} is not read in this family`)
    }
    return rotaryDecoderOf(config, {
      names: {
        ...LLAMA_NAMES,
        projections: 'self_attn.qkv_proj',
        gate: 'mlp.gate_up_proj',
        up: 'mlp.gate_up_proj',
      },
      joined: 'by-part',
      norm: { kind: 'rms', epsilon: config.rms_norm_eps },
      attention: [{ reach: reachOf(config.sliding_window), rotary: sharedRotaryOf(config) }],
    })
  }),
)

/** Phi-3 (Abdin et al. 2024): Llama with queries, keys and values, and gate and input, as one product each; LongRoPE. */
export const phi3: FamilyEntry<DecoderConfig> = {
  modelTypes: ['phi3'],
  causal: true,
  schema,
  write: (input) => new Decoder(input),
}
