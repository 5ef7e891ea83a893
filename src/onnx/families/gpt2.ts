import * as v from 'valibot'
import {
  activation,
  commonEntries,
  commonOf,
  epsilon,
  layerCount,
  positiveInteger,
} from '../../weights/modelConfigFields'
import { Decoder, type DecoderConfig } from './decoder'
import type { FamilyEntry } from './family'

const schema = v.pipe(
  v.object({
    ...commonEntries,
    n_layer: layerCount,
    n_embd: positiveInteger,
    n_head: positiveInteger,
    n_inner: v.nullish(positiveInteger),
    n_positions: positiveInteger,
    activation_function: activation,
    layer_norm_epsilon: epsilon,
    scale_attn_weights: v.optional(v.boolean(), true),
    scale_attn_by_inverse_layer_idx: v.optional(v.boolean(), false),
    add_cross_attention: v.optional(v.literal(false, 'cross-attention is not read'), false),
  }),
  v.check((config) => config.n_embd % config.n_head === 0, 'n_embd is not a multiple of n_head'),
  v.transform((config): DecoderConfig => {
    const headSize = config.n_embd / config.n_head
    const scaleOf = (layer: number) =>
      (config.scale_attn_weights ? 1 / Math.sqrt(headSize) : 1) /
      (config.scale_attn_by_inverse_layer_idx ? layer + 1 : 1)
    return {
      ...commonOf(config),
      names: {
        prefix: 'transformer.',
        wordTable: 'wte.weight',
        layers: 'h',
        attentionNorms: { before: 'ln_1' },
        feedForwardNorms: { before: 'ln_2' },
        finalNorm: 'ln_f',
        projections: 'attn.c_attn',
        attentionOutput: 'attn.c_proj',
        up: 'mlp.c_fc',
        down: 'mlp.c_proj',
        head: 'lm_head',
      },
      layout: 'conv1d',
      joined: 'by-part',
      layers: config.n_layer,
      width: config.n_embd,
      heads: config.n_head,
      keyHeads: config.n_head,
      headSize,
      intermediate: config.n_inner ?? 4 * config.n_embd,
      maxPositions: config.n_positions,
      positions: { name: 'wpe.weight', offset: 0 },
      activation: config.activation_function,
      norm: { kind: 'layer', epsilon: config.layer_norm_epsilon },
      normEpsilon: config.layer_norm_epsilon,
      attention: Array.from({ length: config.n_layer }, (_, layer) => ({
        reach: null,
        rotary: null,
        scale: scaleOf(layer),
      })),
      projectionBias: true,
      outputBias: true,
      feedForwardBias: true,
    }
  }),
)

/** GPT-2 (Radford et al. 2019): learned positions, LayerNorm before each part, weights stored as [in, out]. */
export const gpt2: FamilyEntry<DecoderConfig> = {
  modelTypes: ['gpt2'],
  causal: true,
  schema,
  write: (input) => new Decoder(input),
}
