import * as v from 'valibot'
import {
  activation,
  type CommonConfig,
  commonEntries,
  commonOf,
  epsilon,
  HEADS_DIVIDE_WIDTH,
  headsDivideWidth,
  layerCount,
  notADecoder,
  positiveInteger,
  tabledPositions,
  wholeNumber,
} from './modelConfigFields'

/** What BERT and the encoders after its pattern have in common: embeddings with LayerNorm, post-LN layers. */
export interface PostNormConfig extends CommonConfig {
  /** Segment embeddings; the first is the one used. */
  readonly typeCount: number
}

export interface BertConfig extends PostNormConfig {
  readonly family: 'bert'
}

export interface RobertaConfig extends PostNormConfig {
  readonly family: 'roberta' | 'xlm-roberta'
  /** Row of the position table for the first position: padding_idx + 1. */
  readonly positionOffset: number
}

export interface ElectraConfig extends PostNormConfig {
  readonly family: 'electra'
  /** Width of the word table. */
  readonly embeddingWidth: number
}

export interface AlbertConfig extends PostNormConfig {
  readonly family: 'albert'
  /** Width of the word table. */
  readonly embeddingWidth: number
  /** Layers that share their weights form a group. */
  readonly groups: number
}

export interface DistilBertConfig extends CommonConfig {
  readonly family: 'distilbert'
}

export interface MpnetConfig extends CommonConfig {
  readonly family: 'mpnet'
  /** Row of the position table for the first position: padding_idx + 1. */
  readonly positionOffset: number
  /** Buckets of relative positions, both directions together. */
  readonly relativeBuckets: number
}

export const bertEntries = {
  ...commonEntries,
  ...notADecoder,
  hidden_size: positiveInteger,
  num_hidden_layers: layerCount,
  num_attention_heads: positiveInteger,
  intermediate_size: positiveInteger,
  max_position_embeddings: positiveInteger,
  type_vocab_size: positiveInteger,
  hidden_act: activation,
  layer_norm_eps: epsilon,
  position_embedding_type: v.optional(
    v.literal('absolute', 'only absolute positions are read in this family'),
    'absolute',
  ),
}

type BertFields = v.InferOutput<v.ObjectSchema<typeof bertEntries, undefined>>

export function postNormOf(config: BertFields): PostNormConfig {
  return {
    ...commonOf(config),
    layers: config.num_hidden_layers,
    width: config.hidden_size,
    heads: config.num_attention_heads,
    intermediate: config.intermediate_size,
    maxPositions: config.max_position_embeddings,
    typeCount: config.type_vocab_size,
    activation: config.hidden_act,
    normEpsilon: config.layer_norm_eps,
  }
}

export const bertSchema = v.pipe(
  v.object({ ...bertEntries, model_type: v.literal('bert') }),
  v.check((config) => headsDivideWidth(config), HEADS_DIVIDE_WIDTH),
  v.transform((config): BertConfig => ({ family: config.model_type, ...postNormOf(config) })),
)

export const robertaSchema = v.pipe(
  v.object({
    ...bertEntries,
    model_type: v.picklist(['roberta', 'xlm-roberta']),
    pad_token_id: v.nullish(wholeNumber, 1),
  }),
  v.check((config) => headsDivideWidth(config), HEADS_DIVIDE_WIDTH),
  v.check(
    (config) => config.max_position_embeddings > config.pad_token_id + 1,
    'max_position_embeddings leaves no position behind pad_token_id',
  ),
  v.transform((config): RobertaConfig => {
    const positionOffset = config.pad_token_id + 1
    const maxPositions = config.max_position_embeddings - positionOffset
    return { family: config.model_type, ...postNormOf(config), maxPositions, positionOffset }
  }),
)

export const electraSchema = v.pipe(
  v.object({ ...bertEntries, model_type: v.literal('electra'), embedding_size: positiveInteger }),
  v.check((config) => headsDivideWidth(config), HEADS_DIVIDE_WIDTH),
  v.transform(
    (config): ElectraConfig => ({
      family: config.model_type,
      ...postNormOf(config),
      embeddingWidth: config.embedding_size,
    }),
  ),
)

export const albertSchema = v.pipe(
  v.object({
    ...bertEntries,
    model_type: v.literal('albert'),
    embedding_size: positiveInteger,
    num_hidden_groups: v.optional(positiveInteger, 1),
    inner_group_num: v.optional(v.literal(1, 'groups of several layers are not read'), 1),
    layer_norm_eps: v.optional(epsilon, 1e-12),
  }),
  v.check((config) => headsDivideWidth(config), HEADS_DIVIDE_WIDTH),
  v.check(
    (config) => config.num_hidden_groups <= config.num_hidden_layers,
    'num_hidden_groups is larger than num_hidden_layers',
  ),
  v.transform(
    (config): AlbertConfig => ({
      family: config.model_type,
      ...postNormOf(config),
      embeddingWidth: config.embedding_size,
      groups: config.num_hidden_groups,
    }),
  ),
)

export const distilbertSchema = v.pipe(
  v.object({
    ...commonEntries,
    model_type: v.literal('distilbert'),
    dim: positiveInteger,
    n_layers: layerCount,
    n_heads: positiveInteger,
    hidden_dim: positiveInteger,
    max_position_embeddings: positiveInteger,
    activation,
  }),
  v.check((config) => config.dim % config.n_heads === 0, 'dim is not a multiple of n_heads'),
  v.transform(
    (config): DistilBertConfig => ({
      family: config.model_type,
      ...commonOf(config),
      layers: config.n_layers,
      width: config.dim,
      heads: config.n_heads,
      intermediate: config.hidden_dim,
      maxPositions: config.max_position_embeddings,
      activation: config.activation,
      // Written into DistilBERT's code, not its config.
      normEpsilon: 1e-12,
    }),
  ),
)

/** MPNet's own padding_idx, written into its code. */
const MPNET_PADDING = 1

export const mpnetSchema = v.pipe(
  v.object({
    ...bertEntries,
    model_type: v.literal('mpnet'),
    type_vocab_size: v.optional(v.unknown()),
    max_position_embeddings: tabledPositions,
    relative_attention_num_buckets: v.pipe(
      v.optional(positiveInteger, 32),
      v.literal(32, 'transformers itself uses 32 buckets whatever the config says'),
    ),
  }),
  v.check((config) => headsDivideWidth(config), HEADS_DIVIDE_WIDTH),
  v.check(
    (config) => config.max_position_embeddings > MPNET_PADDING + 1,
    'max_position_embeddings leaves no position behind the padding',
  ),
  v.transform((config): MpnetConfig => {
    const { typeCount: _, ...common } = postNormOf({ ...config, type_vocab_size: 1 })
    const positionOffset = MPNET_PADDING + 1
    return {
      family: config.model_type,
      ...common,
      maxPositions: config.max_position_embeddings - positionOffset,
      positionOffset,
      relativeBuckets: config.relative_attention_num_buckets,
    }
  }),
)
