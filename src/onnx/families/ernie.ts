import * as v from 'valibot'
import { HEADS_DIVIDE_WIDTH, headsDivideWidth, positiveInteger } from '../../weights/modelConfigFields'
import { bertHeads } from '../layers/encoderHeads'
import type { Head } from '../layers/heads'
import { BertEncoder, bertEntries, type PostNormConfig, postNormOf } from './bertEncoder'
import type { FamilyEntry } from './family'

interface ErnieConfig extends PostNormConfig {
  /** Rows of the table of tasks, of which the first is used; 0 where there is none. */
  readonly taskCount: number
}

const schema = v.pipe(
  v.object({ ...bertEntries, use_task_id: v.boolean(), task_type_vocab_size: positiveInteger }),
  v.check((config) => headsDivideWidth(config), HEADS_DIVIDE_WIDTH),
  v.transform(
    (config): ErnieConfig => ({
      ...postNormOf(config),
      taskCount: config.use_task_id ? config.task_type_vocab_size : 0,
    }),
  ),
)

/** Writes ERNIE (Sun et al. 2020): BERT, in some models with an embedding of the task. */
class Ernie extends BertEncoder<ErnieConfig> {
  protected heads(): Head[] {
    return this.encoderHeads(bertHeads(this.prefix, this.config.activation))
  }
}

export const ernie: FamilyEntry<ErnieConfig> = {
  modelTypes: ['ernie'],
  causal: false,
  schema,
  write: (input) => new Ernie(input, { prefix: 'ernie.', name: 'embeddings.word_embeddings.weight' }),
}
