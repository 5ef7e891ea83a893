import * as v from 'valibot'
import {
  activation,
  commonEntries,
  commonOf,
  epsilon,
  headWidth,
  layerCount,
  positiveInteger,
} from '../../weights/modelConfigFields'
import { rotaryOf } from '../../weights/rotary'
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
    rotary_dim: headWidth,
    activation_function: activation,
    layer_norm_epsilon: epsilon,
  }),
  v.check((config) => config.n_embd % config.n_head === 0, 'n_embd is not a multiple of n_head'),
  v.check((config) => config.rotary_dim <= config.n_embd / config.n_head, 'rotary_dim is wider than a head'),
  v.transform((config): DecoderConfig => {
    const headSize = config.n_embd / config.n_head
    const rotary = rotaryOf(
      {},
      { headSize: config.rotary_dim, maxPositions: config.n_positions, interleaved: true },
    )
    return {
      ...commonOf(config),
      names: {
        prefix: 'transformer.',
        wordTable: 'wte.weight',
        layers: 'h',
        attentionNorms: { before: 'ln_1' },
        feedForwardNorms: { before: 'ln_1' },
        finalNorm: 'ln_f',
        projections: ['attn.q_proj', 'attn.k_proj', 'attn.v_proj'],
        attentionOutput: 'attn.out_proj',
        up: 'mlp.fc_in',
        down: 'mlp.fc_out',
        head: 'lm_head',
      },
      layers: config.n_layer,
      width: config.n_embd,
      heads: config.n_head,
      keyHeads: config.n_head,
      headSize,
      intermediate: config.n_inner ?? 4 * config.n_embd,
      maxPositions: config.n_positions,
      activation: config.activation_function,
      norm: { kind: 'layer', epsilon: config.layer_norm_epsilon },
      normEpsilon: config.layer_norm_epsilon,
      attention: new Array(config.n_layer).fill({ reach: null, rotary }),
      parallel: true,
      projectionBias: false,
      outputBias: false,
      feedForwardBias: true,
      headBias: true,
    }
  }),
)

/** GPT-J (Wang and Komatsuzaki 2021): parallel parts after one LayerNorm, neighbouring entries of a head rotated. */
export const gptJ: FamilyEntry<DecoderConfig> = {
  modelTypes: ['gptj'],
  causal: true,
  schema,
  write: (input) => new Decoder(input),
}
