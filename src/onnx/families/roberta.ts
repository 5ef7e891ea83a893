import * as v from 'valibot'
import { HEADS_DIVIDE_WIDTH, headsDivideWidth, wholeNumber } from '../../weights/modelConfigFields'
import { ROBERTA_HEADS } from '../layers/encoderHeads'
import type { Head } from '../layers/heads'
import { BertEncoder, bertEntries, type PostNormConfig, postNormOf } from './bertEncoder'
import type { FamilyEntry, FamilyInput } from './family'

interface RobertaConfig extends PostNormConfig {
  /** Row of the position table for the first position: padding_idx + 1. */
  readonly positionOffset: number
}

const schema = v.pipe(
  v.object({
    ...bertEntries,
    pad_token_id: v.nullish(wholeNumber, 1),
  }),
  v.check((config) => headsDivideWidth(config), HEADS_DIVIDE_WIDTH),
  v.check(
    (config) => config.max_position_embeddings > config.pad_token_id + 1,
    'max_position_embeddings leaves no position behind pad_token_id',
  ),
  v.transform((config): RobertaConfig => {
    const positionOffset = config.pad_token_id + 1
    const maxPositions = config.max_position_embeddings - positionOffset
    return { ...postNormOf(config), maxPositions, positionOffset }
  }),
)

/**
 * RoBERTa (Liu et al. 2019) and XLM-R (Conneau et al. 2020): BERT with positions counted from padding_idx + 1 and heads of
 * its own. A `<pad>` put in a token's place keeps the token's position, as with explicit `position_ids`.
 */
class Roberta extends BertEncoder<RobertaConfig> {
  constructor(input: FamilyInput<RobertaConfig>) {
    super(input, { prefix: 'roberta.', name: 'embeddings.word_embeddings.weight' })
  }

  protected heads(): Head[] {
    return this.encoderHeads(ROBERTA_HEADS)
  }
}

export const roberta: FamilyEntry<RobertaConfig> = {
  modelTypes: ['roberta', 'xlm-roberta', 'camembert'],
  causal: false,
  schema,
  write: (input) => new Roberta(input),
}
