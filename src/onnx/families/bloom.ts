import * as v from 'valibot'
import {
  commonEntries,
  commonOf,
  epsilon,
  layerCount,
  positiveInteger,
} from '../../weights/modelConfigFields'
import { Decoder, type DecoderConfig } from './decoder'
import type { FamilyEntry } from './family'

/** Number of tokens that BLOOM's models were trained on at a time; its config names no longest text. */
const USUAL_POSITIONS = 2048

const schema = v.pipe(
  v.object({
    ...commonEntries,
    hidden_size: positiveInteger,
    n_embed: v.nullish(positiveInteger),
    n_layer: layerCount,
    n_head: positiveInteger,
    seq_length: v.nullish(positiveInteger, USUAL_POSITIONS),
    layer_norm_epsilon: epsilon,
    apply_residual_connection_post_layernorm: v.boolean(),
  }),
  v.check(
    (config) => (config.n_embed ?? config.hidden_size) % config.n_head === 0,
    'hidden_size is not a multiple of n_head',
  ),
  v.transform((config): DecoderConfig => {
    const width = config.n_embed ?? config.hidden_size
    return {
      ...commonOf(config),
      names: {
        prefix: 'transformer.',
        wordTable: 'word_embeddings.weight',
        layers: 'h',
        attentionNorms: { before: 'input_layernorm' },
        feedForwardNorms: { before: 'post_attention_layernorm' },
        finalNorm: 'ln_f',
        projections: 'self_attention.query_key_value',
        attentionOutput: 'self_attention.dense',
        up: 'mlp.dense_h_to_4h',
        down: 'mlp.dense_4h_to_h',
        head: 'lm_head',
      },
      layers: config.n_layer,
      width,
      heads: config.n_head,
      keyHeads: config.n_head,
      headSize: width / config.n_head,
      intermediate: 4 * width,
      maxPositions: config.seq_length,
      activation: 'gelu-tanh',
      norm: { kind: 'layer', epsilon: config.layer_norm_epsilon },
      normEpsilon: config.layer_norm_epsilon,
      attention: new Array(config.n_layer).fill({ reach: null, rotary: null }),
      alibi: { coarse: false, scale: 1 },
      embeddingNorm: 'word_embeddings_layernorm',
      residualFromNorm: config.apply_residual_connection_post_layernorm,
      projectionBias: true,
      outputBias: true,
      feedForwardBias: true,
    }
  }),
)

/** BLOOM (BigScience 2022): normed embeddings, scores that grow with the position of the key, no other positions. */
export const bloom: FamilyEntry<DecoderConfig> = {
  modelTypes: ['bloom'],
  causal: true,
  schema,
  write: (input) => new Decoder(input),
}
