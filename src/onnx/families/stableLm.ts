import * as v from 'valibot'
import { epsilon } from '../../weights/modelConfigFields'
import { Decoder, type DecoderConfig } from './decoder'
import type { FamilyEntry } from './family'
import { LLAMA_NAMES, rotaryDecoderEntries, rotaryDecoderOf } from './rotaryDecoder'

const schema = v.pipe(
  v.object({
    ...rotaryDecoderEntries,
    layer_norm_eps: epsilon,
    use_qkv_bias: v.boolean(),
    qk_layernorm: v.boolean(),
    use_parallel_residual: v.boolean(),
  }),
  v.transform((config): DecoderConfig => {
    const norm = { kind: 'layer', epsilon: config.layer_norm_eps } as const
    const [query, key] = ['self_attn.q_layernorm.norms', 'self_attn.k_layernorm.norms']
    const parallel = config.use_parallel_residual
    const own = {
      names: parallel ? { ...LLAMA_NAMES, feedForwardNorms: LLAMA_NAMES.attentionNorms } : LLAMA_NAMES,
      norm,
      parallel,
      projectionBias: config.use_qkv_bias,
      headNorm: config.qk_layernorm ? ({ query, key, norm, over: 'own-head' } as const) : null,
    }
    return rotaryDecoderOf(config, own, { part: 0.25 })
  }),
)

/**
 * StableLM (Bellagente et al. 2024): Llama with LayerNorm, a quarter of each head rotated, in some models norms of each
 * head and parallel parts.
 */
export const stableLm: FamilyEntry<DecoderConfig> = {
  modelTypes: ['stablelm'],
  causal: true,
  schema,
  write: (input) => new Decoder(input),
}
