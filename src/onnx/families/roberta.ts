import * as v from 'valibot'
import { HEADS_DIVIDE_WIDTH, headsDivideWidth } from '../../weights/modelConfigFields'
import { ROBERTA_HEADS } from '../layers/encoderHeads'
import type { Head } from '../layers/heads'
import { BertEncoder, bertEntries, type PostNormConfig, postNormOf } from './bertEncoder'
import {
  type CountedConfig,
  countedEntries,
  countedPositions,
  hasPositions,
  NO_POSITIONS,
} from './countedPositions'
import type { FamilyEntry, FamilyInput } from './family'

type RobertaConfig = PostNormConfig & CountedConfig

const schema = v.pipe(
  v.object({
    ...bertEntries,
    ...countedEntries,
  }),
  v.check((config) => headsDivideWidth(config), HEADS_DIVIDE_WIDTH),
  v.check((config) => hasPositions(config), NO_POSITIONS),
  v.transform(
    (config): RobertaConfig => ({
      ...postNormOf(config),
      ...countedPositions(config.max_position_embeddings, config.pad_token_id),
    }),
  ),
)

/**
 * Writes RoBERTa (Liu et al. 2019) and XLM-R (Conneau et al. 2020): BERT with positions counted from padding_idx + 1, padding left
 * out, and heads of its own.
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
