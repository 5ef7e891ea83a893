import * as v from 'valibot'
import {
  activation,
  type CommonConfig,
  commonEntries,
  commonOf,
  layerCount,
  positiveInteger,
} from '../../weights/modelConfigFields'
import type { Value } from '../builder/graphBuilder'
import { bertEmbeddings } from '../layers/embeddings'
import type { Head } from '../layers/heads'
import { postNormLayer, selfAttention } from '../layers/postNormLayer'
import { Family, type FamilyEntry, type FamilyInput } from './family'

const schema = v.pipe(
  v.object({
    ...commonEntries,
    dim: positiveInteger,
    n_layers: layerCount,
    n_heads: positiveInteger,
    hidden_dim: positiveInteger,
    max_position_embeddings: positiveInteger,
    activation,
  }),
  v.check((config) => config.dim % config.n_heads === 0, 'dim is not a multiple of n_heads'),
  v.transform(
    (config): CommonConfig => ({
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

/** Writes DistilBERT (Sanh et al. 2019): BERT without segment embeddings and pooler. */
class DistilBert extends Family<CommonConfig> {
  constructor(input: FamilyInput<CommonConfig>) {
    super(input, { prefix: 'distilbert.', name: 'embeddings.word_embeddings.weight' })
  }

  embeddings(inputIds: Value, positionIds: Value, name?: string): Value {
    const tables = { ...this.config, name: `${this.prefix}embeddings` }
    return bertEmbeddings(this.scope, tables, this.wordRows(inputIds), positionIds, name)
  }

  layer(index: number, hiddenStates: Value, name: string): Value {
    const { scope, config } = this
    const layer = `${this.prefix}transformer.layer.${index}`
    const attention = `${layer}.attention`
    const names = [`${attention}.q_lin`, `${attention}.k_lin`, `${attention}.v_lin`] as const
    const context = selfAttention(scope, config, names, hiddenStates)
    const rest = {
      attentionOutput: `${attention}.out_lin`,
      attentionNorm: `${layer}.sa_layer_norm`,
      intermediate: `${layer}.ffn.lin1`,
      output: `${layer}.ffn.lin2`,
      outputNorm: `${layer}.output_layer_norm`,
    }
    return postNormLayer(scope, config, rest, hiddenStates, context, name)
  }

  protected heads(): Head[] {
    return this.encoderHeads({
      classifier: { dense: 'pre_classifier', activation: 'relu', output: 'classifier' },
      maskedLm: {
        dense: 'vocab_transform',
        activation: this.config.activation,
        norm: 'vocab_layer_norm',
        decoder: 'vocab_projector',
        bias: 'vocab_projector.bias',
      },
    })
  }
}

export const distilBert: FamilyEntry<CommonConfig> = {
  modelTypes: ['distilbert'],
  causal: false,
  schema,
  write: (input) => new DistilBert(input),
}
