import * as v from 'valibot'
import {
  epsilon,
  HEADS_DIVIDE_WIDTH,
  headsDivideWidth,
  positiveInteger,
} from '../../weights/modelConfigFields'
import type { Value } from '../builder/graphBuilder'
import type { Head } from '../layers/heads'
import { postNormLayer, selfAttention } from '../layers/postNormLayer'
import { bertEntries, postNormOf } from './bertEncoder'
import type { FamilyEntry, FamilyInput } from './family'
import { type EmbeddingWidth, NarrowTableEncoder } from './narrowTableEncoder'

interface AlbertConfig extends EmbeddingWidth {
  /** Layers that share their weights form a group. */
  readonly groups: number
}

const schema = v.pipe(
  v.object({
    ...bertEntries,
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
      ...postNormOf(config),
      embeddingWidth: config.embedding_size,
      groups: config.num_hidden_groups,
    }),
  ),
)

/** Writes ALBERT (Lan et al. 2020): a narrow word table, and layers that share their weights. */
class Albert extends NarrowTableEncoder<AlbertConfig> {
  constructor(input: FamilyInput<AlbertConfig>) {
    super(input, 'albert.', 'encoder.embedding_hidden_mapping_in')
  }

  /** Writes a layer; every layer of a group is the same. */
  override layer(index: number, hiddenStates: Value, name: string): Value {
    const { scope, config } = this
    const group = Math.floor(index / (config.layers / config.groups))
    const layer = `${this.prefix}encoder.albert_layer_groups.${group}.albert_layers.0`
    const attention = `${layer}.attention`
    const names = [`${attention}.query`, `${attention}.key`, `${attention}.value`] as const
    const context = selfAttention(scope, config, names, hiddenStates)
    const rest = {
      attentionOutput: `${attention}.dense`,
      attentionNorm: `${attention}.LayerNorm`,
      intermediate: `${layer}.ffn`,
      output: `${layer}.ffn_output`,
      outputNorm: `${layer}.full_layer_layer_norm`,
    }
    return postNormLayer(scope, config, rest, hiddenStates, context, name)
  }

  protected heads(): Head[] {
    return this.encoderHeads({
      classifier: { dense: `${this.prefix}pooler`, activation: 'tanh', output: 'classifier' },
      maskedLm: {
        dense: 'predictions.dense',
        activation: this.config.activation,
        norm: 'predictions.LayerNorm',
        decoder: 'predictions.decoder',
        bias: 'predictions.bias',
      },
    })
  }
}

export const albert: FamilyEntry<AlbertConfig> = {
  modelTypes: ['albert'],
  causal: false,
  schema,
  write: (input) => new Albert(input),
}
