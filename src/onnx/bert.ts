import type { BertConfig } from '../weights/modelConfig'
import { BertEncoder } from './bertEncoder'
import type { FamilyInput } from './family'
import type { Head } from './heads'

/** BERT (Devlin et al. 2019) over its own weights file: transformers' `BertModel` and its heads. */
export class Bert extends BertEncoder<BertConfig> {
  constructor(input: FamilyInput<BertConfig>) {
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
