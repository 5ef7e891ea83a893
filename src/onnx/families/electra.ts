import * as v from 'valibot'
import { HEADS_DIVIDE_WIDTH, headsDivideWidth, positiveInteger } from '../../weights/modelConfigFields'
import type { Head } from '../layers/heads'
import { bertEntries, postNormOf } from './bertEncoder'
import type { FamilyEntry, FamilyInput } from './family'
import { type EmbeddingWidth, NarrowTableEncoder } from './narrowTableEncoder'

const schema = v.pipe(
  v.object({ ...bertEntries, embedding_size: positiveInteger }),
  v.check((config) => headsDivideWidth(config), HEADS_DIVIDE_WIDTH),
  v.transform(
    (config): EmbeddingWidth => ({
      ...postNormOf(config),
      embeddingWidth: config.embedding_size,
    }),
  ),
)

/**
 * Writes ELECTRA (Clark et al. 2020): BERT whose word table may be narrower than its layers. A discriminator's own head
 * tells replaced tokens and is not read; the generator's is its masked-LM head.
 */
class Electra extends NarrowTableEncoder<EmbeddingWidth> {
  constructor(input: FamilyInput<EmbeddingWidth>) {
    super(input, 'electra.', 'embeddings_project')
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
}

export const electra: FamilyEntry<EmbeddingWidth> = {
  modelTypes: ['electra'],
  causal: false,
  schema,
  write: (input) => new Electra(input),
}
