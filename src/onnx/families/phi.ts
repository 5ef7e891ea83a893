import * as v from 'valibot'
import { epsilon } from '../../weights/modelConfigFields'
import { Decoder, type DecoderConfig } from './decoder'
import type { FamilyEntry } from './family'
import { LLAMA_NAMES, rotaryDecoderEntries, rotaryDecoderOf } from './rotaryDecoder'

const schema = v.pipe(
  v.object({
    ...rotaryDecoderEntries,
    layer_norm_eps: epsilon,
    qk_layernorm: v.boolean(),
  }),
  v.transform((config): DecoderConfig => {
    const norm = { kind: 'layer', epsilon: config.layer_norm_eps } as const
    const own = {
      names: {
        ...LLAMA_NAMES,
        feedForwardNorms: { before: 'input_layernorm' },
        finalNorm: 'final_layernorm',
        attentionOutput: 'self_attn.dense',
        gate: undefined,
        up: 'mlp.fc1',
        down: 'mlp.fc2',
      },
      norm,
      parallel: true,
      projectionBias: true,
      outputBias: true,
      feedForwardBias: true,
      headBias: true,
      headNorm: config.qk_layernorm
        ? ({ query: 'self_attn.q_layernorm', key: 'self_attn.k_layernorm', norm, over: 'head' } as const)
        : null,
    }
    return rotaryDecoderOf(config, own, { part: 0.5 })
  }),
)

/** Phi (Li et al. 2023): parallel attention and feed-forward part after one LayerNorm, part of each head rotated. */
export const phi: FamilyEntry<DecoderConfig> = {
  modelTypes: ['phi'],
  causal: true,
  schema,
  write: (input) => new Decoder(input),
}
