import type { AlbertConfig } from '../weights/modelConfig'
import { bertEmbeddings } from './embeddings'
import { Family, type FamilyInput } from './family'
import type { Value } from './graphBuilder'
import type { Head } from './heads'
import { linear } from './linear'
import { postNormLayer, selfAttention } from './postNormLayer'
import { type TableProjection, tableProjectionOf } from './tableProjection'

/** ALBERT (Lan et al. 2020): a narrow word table, and layers that share their weights. */
export class Albert extends Family<AlbertConfig> {
  constructor(input: FamilyInput<AlbertConfig>) {
    const { embeddingWidth: width } = input.config
    super(input, { prefix: 'albert.', name: 'embeddings.word_embeddings.weight', width })
  }

  /** h_0: LayerNorm(word + position + type 0), taken to the layers' width. */
  embeddings(inputIds: Value, positionIds: Value, name?: string): Value {
    const tables = { ...this.config, name: `${this.prefix}embeddings`, width: this.tableWidth }
    const narrow = bertEmbeddings(this.scope, tables, this.wordRows(inputIds), positionIds)
    return linear(this.scope, narrow, this.#projection, this.tableWidth, this.config.width, {
      outputName: name,
    })
  }

  override tableProjection(): TableProjection {
    return tableProjectionOf(this.scope, this.#projection, this.tableWidth, this.config.width)
  }

  /** Every layer of a group is the same. */
  layer(index: number, hiddenStates: Value, name: string): Value {
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

  get #projection(): string {
    return `${this.prefix}encoder.embedding_hidden_mapping_in`
  }
}
