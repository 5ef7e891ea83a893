import * as v from 'valibot'
import {
  activation,
  commonEntries,
  commonOf,
  epsilon,
  layerCount,
  positiveInteger,
  refuseConfig,
} from '../../weights/modelConfigFields'
import { Decoder, type DecoderConfig } from './decoder'
import type { FamilyEntry } from './family'

const attentionKind = v.picklist(['global', 'local'])

const schema = v.pipe(
  v.object({
    ...commonEntries,
    hidden_size: positiveInteger,
    num_layers: layerCount,
    num_heads: positiveInteger,
    intermediate_size: v.nullish(positiveInteger),
    max_position_embeddings: positiveInteger,
    activation_function: activation,
    layer_norm_epsilon: epsilon,
    window_size: positiveInteger,
    attention_types: v.nullish(v.array(v.tuple([v.array(attentionKind), layerCount])), [
      [['global', 'local'], 12],
    ]),
  }),
  v.check(
    (config) => config.hidden_size % config.num_heads === 0,
    'hidden_size is not a multiple of num_heads',
  ),
  v.transform((config): DecoderConfig => {
    const kinds = config.attention_types.flatMap(([pattern, times]) =>
      Array.from({ length: times }, () => pattern).flat(),
    )
    if (kinds.length !== config.num_layers) refuseConfig('attention_types does not name num_layers layers')
    return {
      ...commonOf(config),
      names: {
        prefix: 'transformer.',
        wordTable: 'wte.weight',
        layers: 'h',
        attentionNorms: { before: 'ln_1' },
        feedForwardNorms: { before: 'ln_2' },
        finalNorm: 'ln_f',
        projections: ['attn.attention.q_proj', 'attn.attention.k_proj', 'attn.attention.v_proj'],
        attentionOutput: 'attn.attention.out_proj',
        up: 'mlp.c_fc',
        down: 'mlp.c_proj',
        head: 'lm_head',
      },
      layers: config.num_layers,
      width: config.hidden_size,
      heads: config.num_heads,
      keyHeads: config.num_heads,
      headSize: config.hidden_size / config.num_heads,
      intermediate: config.intermediate_size ?? 4 * config.hidden_size,
      maxPositions: config.max_position_embeddings,
      positions: { name: 'wpe.weight', offset: 0 },
      activation: config.activation_function,
      norm: { kind: 'layer', epsilon: config.layer_norm_epsilon },
      normEpsilon: config.layer_norm_epsilon,
      attention: kinds.map((kind) => ({
        reach: kind === 'local' ? config.window_size - 1 : null,
        rotary: null,
        scale: 1,
      })),
      projectionBias: false,
      outputBias: true,
      feedForwardBias: true,
    }
  }),
)

/** GPT-Neo (Black et al. 2021): GPT-2 with a window in every other layer and attention that is not scaled. */
export const gptNeo: FamilyEntry<DecoderConfig> = {
  modelTypes: ['gpt_neo'],
  causal: true,
  schema,
  write: (input) => new Decoder(input),
}
