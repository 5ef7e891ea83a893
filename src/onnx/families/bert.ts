import * as v from 'valibot'
import { HEADS_DIVIDE_WIDTH, headsDivideWidth } from '../../weights/modelConfigFields'
import { bertHeads } from '../layers/encoderHeads'
import type { Head } from '../layers/heads'
import { BertEncoder, bertEntries, type PostNormConfig, postNormOf } from './bertEncoder'
import type { FamilyEntry, FamilyInput } from './family'

const schema = v.pipe(
  v.object({ ...bertEntries }),
  v.check((config) => headsDivideWidth(config), HEADS_DIVIDE_WIDTH),
  v.transform((config): PostNormConfig => ({ ...postNormOf(config) })),
)

/** Writes BERT (Devlin et al. 2019) over its own weights file: transformers' `BertModel` and its heads. */
class Bert extends BertEncoder<PostNormConfig> {
  constructor(input: FamilyInput<PostNormConfig>) {
    super(input, { prefix: 'bert.', name: 'embeddings.word_embeddings.weight' })
  }

  protected heads(): Head[] {
    return this.encoderHeads(bertHeads(this.prefix, this.config.activation))
  }
}

export const bert: FamilyEntry<PostNormConfig> = {
  modelTypes: ['bert'],
  causal: false,
  schema,
  write: (input) => new Bert(input),
}
