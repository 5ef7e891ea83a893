import type { ElectraConfig } from '../weights/modelConfig'
import { BertEncoder } from './bertEncoder'
import type { FamilyInput } from './family'
import type { Value } from './graphBuilder'
import type { Head } from './heads'
import { linear } from './linear'
import { type TableProjection, tableProjectionOf } from './tableProjection'

/**
 * ELECTRA (Clark et al. 2020): BERT whose word table may be narrower than its layers. A discriminator's own head tells
 * replaced tokens and is not read; the generator's is its masked-LM head.
 */
export class Electra extends BertEncoder<ElectraConfig> {
  constructor(input: FamilyInput<ElectraConfig>) {
    const { embeddingWidth: width } = input.config
    super(input, { prefix: 'electra.', name: 'embeddings.word_embeddings.weight', width })
  }

  /** h_0: BERT's, taken to the layers' width where the word table has another. */
  override embeddings(inputIds: Value, positionIds: Value, name?: string): Value {
    const { width } = this.config
    if (this.tableWidth === width) return super.embeddings(inputIds, positionIds, name)
    const narrow = super.embeddings(inputIds, positionIds)
    return linear(this.scope, narrow, this.#projection, this.tableWidth, width, { outputName: name })
  }

  override tableProjection(): TableProjection | null {
    const { width } = this.config
    if (this.tableWidth === width) return null
    return tableProjectionOf(this.scope, this.#projection, this.tableWidth, width)
  }

  protected heads(): Head[] {
    return this.encoderHeads({
      classifier: { dense: 'classifier.dense', activation: 'gelu', output: 'classifier.out_proj' },
      maskedLm: {
        dense: 'generator_predictions.dense',
        activation: 'gelu',
        norm: 'generator_predictions.LayerNorm',
        decoder: 'generator_lm_head',
        bias: 'generator_lm_head.bias',
      },
    })
  }

  get #projection(): string {
    return `${this.prefix}embeddings_project`
  }
}
