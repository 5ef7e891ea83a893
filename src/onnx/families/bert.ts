import * as v from 'valibot'
import { HEADS_DIVIDE_WIDTH, headsDivideWidth } from '../../weights/modelConfigFields'
import type { Head } from '../layers/heads'
import { BertEncoder, bertEntries, type PostNormConfig, postNormOf } from './bertEncoder'
import type { FamilyEntry, FamilyInput } from './family'

const schema = v.pipe(
  v.object({ ...bertEntries }),
  v.check((config) => headsDivideWidth(config), HEADS_DIVIDE_WIDTH),
  v.transform((config): PostNormConfig => ({ ...postNormOf(config) })),
)

/** BERT (Devlin et al. 2019) over its own weights file: transformers' `BertModel` and its heads. */
class Bert extends BertEncoder<PostNormConfig> {
  constructor(input: FamilyInput<PostNormConfig>) {
    super(input, { prefix: 'bert.', name: 'embeddings.word_embeddings.weight' })
  }

  protected heads(): Head[] {
    const predictions = 'cls.predictions'
    return this.encoderHeads({
      classifier: { dense: `${this.prefix}pooler.dense`, activation: 'tanh', output: 'classifier' },
      maskedLm: {
        dense: `${predictions}.transform.dense`,
        activation: this.config.activation,
        norm: `${predictions}.transform.LayerNorm`,
        decoder: `${predictions}.decoder`,
        bias: `${predictions}.bias`,
      },
    })
  }
}

export const bert: FamilyEntry<PostNormConfig> = {
  modelTypes: ['bert'],
  causal: false,
  schema,
  write: (input) => new Bert(input),
}
