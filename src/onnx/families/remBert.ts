import * as v from 'valibot'
import { HEADS_DIVIDE_WIDTH, headsDivideWidth, positiveInteger } from '../../weights/modelConfigFields'
import { bertHeads, classificationHead, maskedLmHead } from '../layers/encoderHeads'
import type { Head } from '../layers/heads'
import { bertEntries, postNormOf } from './bertEncoder'
import type { FamilyEntry, FamilyInput } from './family'
import { type EmbeddingWidth, NarrowTableEncoder } from './narrowTableEncoder'

interface RemBertConfig extends EmbeddingWidth {
  /** Width of the output table, which is never the word table. */
  readonly outputWidth: number
}

const schema = v.pipe(
  v.object({
    ...bertEntries,
    input_embedding_size: positiveInteger,
    output_embedding_size: v.optional(positiveInteger, 1664),
  }),
  v.check((config) => headsDivideWidth(config), HEADS_DIVIDE_WIDTH),
  v.transform(
    (config): RemBertConfig => ({
      ...postNormOf(config),
      tiedHead: false,
      embeddingWidth: config.input_embedding_size,
      outputWidth: config.output_embedding_size,
    }),
  ),
)

/** Writes RemBERT (Chung et al. 2021): BERT with a narrow word table, and a wide one of its own for the output. */
class RemBert extends NarrowTableEncoder<RemBertConfig> {
  constructor(input: FamilyInput<RemBertConfig>) {
    super(input, 'rembert.', 'encoder.embedding_hidden_mapping_in')
  }

  protected heads(): Head[] {
    const { scope, config } = this
    const { classifier, maskedLm } = bertHeads(this.prefix, config.activation)
    const heads: Head[] = []
    if (this.has('classifier.weight')) heads.push(classificationHead(scope, config, classifier))
    const table = `${maskedLm.decoder}.weight`
    if (this.has(table)) {
      const names = { ...maskedLm, dense: 'cls.predictions.dense', norm: 'cls.predictions.LayerNorm' }
      heads.push(maskedLmHead(scope, config, names, table, config.outputWidth))
    }
    return heads
  }
}

export const remBert: FamilyEntry<RemBertConfig> = {
  modelTypes: ['rembert'],
  causal: false,
  schema,
  write: (input) => new RemBert(input),
}
