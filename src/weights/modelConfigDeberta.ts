import * as v from 'valibot'
import { bertEntries, type PostNormConfig, postNormOf } from './modelConfigEncoders'
import {
  type Activation,
  activation,
  HEADS_DIVIDE_WIDTH,
  headsDivideWidth,
  positiveInteger,
  tabledPositions,
  wholeNumber,
} from './modelConfigFields'

export interface DebertaV2Config extends PostNormConfig {
  readonly family: 'deberta-v2'
  /** Whether absolute positions are added to h_0. */
  readonly absolutePositions: boolean
  /** Relative positions the table has rows for, in each direction. */
  readonly relativeSpan: number
  /** Whether far positions share rows, in logarithmic buckets. */
  readonly logBuckets: boolean
  readonly maxRelativePositions: number
  /** Whether queries look at positions (c2p), and keys (p2c). */
  readonly contentToPosition: boolean
  readonly positionToContent: boolean
  /** Whether positions go through the projections of the content. */
  readonly sharedKeys: boolean
  readonly relativeNorm: boolean
  /** Of the convolution beside the first layer; null where there is none. */
  readonly convolution: {
    readonly kernel: number
    readonly groups: number
    readonly activation: Activation
  } | null
  readonly poolerActivation: Activation
}

/** Below 1: none. */
const limit = v.pipe(v.number(), v.integer(), v.maxValue(2 ** 16))

interface PositionFields {
  readonly max_position_embeddings: number
  readonly max_relative_positions: number
}

const maxRelativeOf = (config: PositionFields) =>
  config.max_relative_positions < 1 ? config.max_position_embeddings : config.max_relative_positions

/** Lists in old configs are strings, "c2p|p2c". */
const partList = v.pipe(
  v.nullish(v.union([v.string(), v.array(v.string())]), []),
  v.transform((value) => (typeof value === 'string' ? value.split('|').map((part) => part.trim()) : value)),
)

export const debertaV2Schema = v.pipe(
  v.object({
    ...bertEntries,
    model_type: v.literal('deberta-v2'),
    type_vocab_size: v.optional(wholeNumber, 0),
    relative_attention: v.literal(true, 'DeBERTa without relative attention is not read'),
    max_position_embeddings: tabledPositions,
    max_relative_positions: v.nullish(limit, -1),
    position_buckets: v.nullish(limit, -1),
    position_biased_input: v.optional(v.boolean(), true),
    pos_att_type: v.pipe(
      partList,
      v.array(v.picklist(['c2p', 'p2c'], 'only c2p and p2c attention to positions are read')),
    ),
    share_att_key: v.optional(v.boolean(), false),
    norm_rel_ebd: v.optional(v.picklist(['none', 'layer_norm']), 'none'),
    conv_kernel_size: v.optional(wholeNumber, 0),
    conv_groups: v.optional(positiveInteger, 1),
    conv_act: v.optional(activation, 'tanh'),
    embedding_size: v.nullish(positiveInteger),
    attention_head_size: v.nullish(positiveInteger),
    pooler_hidden_act: v.optional(activation, 'gelu'),
    legacy: v.optional(v.boolean(), true),
  }),
  v.check((config) => headsDivideWidth(config), HEADS_DIVIDE_WIDTH),
  v.check(
    (config) => (config.embedding_size ?? config.hidden_size) === config.hidden_size,
    'embedding_size differs from hidden_size, which is not read in this family',
  ),
  v.check(
    (config) =>
      (config.attention_head_size ?? config.hidden_size / config.num_attention_heads) ===
      config.hidden_size / config.num_attention_heads,
    'attention_head_size is not hidden_size / num_attention_heads, which is not read',
  ),
  v.check(
    (config) => config.conv_kernel_size % 2 === 1 || config.conv_kernel_size === 0,
    'conv_kernel_size is even, which is not read',
  ),
  v.check(
    ({ position_buckets: buckets, ...config }) =>
      buckets < 1 || (buckets > 1 && Math.trunc(buckets / 2) < maxRelativeOf(config) - 1),
    'position_buckets does not fit the number of relative positions',
  ),
  v.transform((config): DebertaV2Config => {
    const maxRelativePositions = maxRelativeOf(config)
    return {
      family: config.model_type,
      ...postNormOf(config),
      absolutePositions: config.position_biased_input,
      relativeSpan: config.position_buckets > 0 ? config.position_buckets : maxRelativePositions,
      logBuckets: config.position_buckets > 0,
      maxRelativePositions,
      contentToPosition: config.pos_att_type.includes('c2p'),
      positionToContent: config.pos_att_type.includes('p2c'),
      sharedKeys: config.share_att_key,
      relativeNorm: config.norm_rel_ebd === 'layer_norm',
      convolution:
        config.conv_kernel_size > 0
          ? { kernel: config.conv_kernel_size, groups: config.conv_groups, activation: config.conv_act }
          : null,
      poolerActivation: config.pooler_hidden_act,
    }
  }),
)
