import * as v from 'valibot'
import { epsilon, positiveNumber } from '../../weights/modelConfigFields'
import { Decoder, type DecoderConfig } from './decoder'
import type { FamilyEntry } from './family'
import { rotaryDecoderEntries, rotaryDecoderOf } from './rotaryDecoder'

/** Base of the rotations where none is stated. */
const THETA = 10_000

const schema = v.pipe(
  v.object({
    ...rotaryDecoderEntries,
    layer_norm_eps: epsilon,
    use_parallel_residual: v.boolean(),
    attention_bias: v.boolean(),
    // Names of transformers 4.
    rotary_pct: v.nullish(v.pipe(v.number(), v.minValue(0), v.maxValue(1))),
    rotary_emb_base: v.nullish(positiveNumber),
    // It is one, whatever is said.
    is_decoder: v.optional(v.boolean()),
  }),
  v.check(
    ({ rope_theta, rotary_emb_base, rope_scaling, rope_parameters }) =>
      (rope_scaling ?? rope_parameters)?.rope_theta != null ||
      rope_theta == null ||
      rope_theta === THETA ||
      rope_theta === rotary_emb_base,
    'rope_theta: transformers 4 takes it for this family, transformers 5 rotary_emb_base; say it as rotary_emb_base',
  ),
  v.transform((config): DecoderConfig => {
    const stated = {
      ...config,
      rope_theta: config.rotary_emb_base ?? THETA,
      partial_rotary_factor: config.rotary_pct,
    }
    const own = {
      names: {
        prefix: 'gpt_neox.',
        wordTable: 'embed_in.weight',
        layers: 'layers',
        attentionNorms: { before: 'input_layernorm' },
        feedForwardNorms: { before: 'post_attention_layernorm' },
        finalNorm: 'final_layer_norm',
        projections: 'attention.query_key_value',
        attentionOutput: 'attention.dense',
        up: 'mlp.dense_h_to_4h',
        down: 'mlp.dense_4h_to_h',
        head: 'embed_out',
      },
      norm: { kind: 'layer', epsilon: config.layer_norm_eps },
      parallel: config.use_parallel_residual,
      projectionBias: config.attention_bias,
      outputBias: config.attention_bias,
      feedForwardBias: true,
    } as const
    return rotaryDecoderOf(stated, own, { part: 0.25 })
  }),
)

/** GPT-NeoX (Black et al. 2022), Pythia: parallel parts with a LayerNorm each, a quarter of each head rotated. */
export const gptNeoX: FamilyEntry<DecoderConfig> = {
  modelTypes: ['gpt_neox'],
  causal: true,
  schema,
  write: (input) => new Decoder(input),
}
