import type { DistilBertConfig } from '../weights/modelConfig'
import { bertEmbeddings } from './embeddings'
import { Family, type FamilyInput } from './family'
import type { Value } from './graphBuilder'
import type { Head } from './heads'
import { postNormLayer, selfAttention } from './postNormLayer'

/** DistilBERT (Sanh et al. 2019): BERT without segment embeddings and pooler. */
export class DistilBert extends Family<DistilBertConfig> {
  constructor(input: FamilyInput<DistilBertConfig>) {
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
