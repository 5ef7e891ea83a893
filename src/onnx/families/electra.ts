import * as v from 'valibot'
import { HEADS_DIVIDE_WIDTH, headsDivideWidth, positiveInteger } from '../../weights/modelConfigFields'
import type { Value } from '../builder/graphBuilder'
import type { Head } from '../layers/heads'
import { linear } from '../layers/linear'
import { type TableProjection, tableProjectionOf } from '../layers/tableProjection'
import { BertEncoder, bertEntries, type PostNormConfig, postNormOf } from './bertEncoder'
import type { FamilyEntry, FamilyInput } from './family'

interface ElectraConfig extends PostNormConfig {
  /** Width of the word table. */
  readonly embeddingWidth: number
}

const schema = v.pipe(
  v.object({ ...bertEntries, embedding_size: positiveInteger }),
  v.check((config) => headsDivideWidth(config), HEADS_DIVIDE_WIDTH),
  v.transform(
    (config): ElectraConfig => ({
      ...postNormOf(config),
      embeddingWidth: config.embedding_size,
    }),
  ),
)

/**
 * ELECTRA (Clark et al. 2020): BERT whose word table may be narrower than its layers. A discriminator's own head tells
 * replaced tokens and is not read; the generator's is its masked-LM head.
 */
class Electra extends BertEncoder<ElectraConfig> {
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

export const electra: FamilyEntry<ElectraConfig> = {
  modelTypes: ['electra'],
  causal: false,
  schema,
  write: (input) => new Electra(input),
}
