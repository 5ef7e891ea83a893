import type { RobertaConfig } from '../weights/modelConfig'
import { BertEncoder } from './bertEncoder'
import { ROBERTA_HEADS } from './encoderHeads'
import type { FamilyInput } from './family'
import type { Head } from './heads'

/**
 * RoBERTa (Liu et al. 2019) and XLM-R (Conneau et al. 2020): BERT with positions counted from padding_idx + 1 and heads of
 * its own. A `<pad>` put in a token's place keeps the token's position, as with explicit `position_ids`.
 */
export class Roberta extends BertEncoder<RobertaConfig> {
  constructor(input: FamilyInput<RobertaConfig>) {
    super(input, { prefix: 'roberta.', name: 'embeddings.word_embeddings.weight' })
  }

  protected heads(): Head[] {
    return this.encoderHeads(ROBERTA_HEADS)
  }
}
