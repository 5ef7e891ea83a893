import * as v from 'valibot'
import { HEADS_DIVIDE_WIDTH, headsDivideWidth } from '../../weights/modelConfigFields'
import { ROBERTA_HEADS } from '../layers/encoderHeads'
import type { Head } from '../layers/heads'
import { bertEntries, postNormOf } from './bertEncoder'
import { countedEntries, countedPositions, hasPositions, NO_POSITIONS } from './countedPositions'
import { Decoder, type DecoderConfig } from './decoder'
import type { FamilyEntry } from './family'
import { preNormEncoderOf } from './preNormEncoder'

const schema = v.pipe(
  v.object({ ...bertEntries, ...countedEntries }),
  v.check((config) => headsDivideWidth(config), HEADS_DIVIDE_WIDTH),
  v.check((config) => hasPositions(config), NO_POSITIONS),
  v.transform((config): DecoderConfig => {
    const names = {
      prefix: 'roberta.',
      attentionNorms: { before: 'attention.self_attn_layer_norm' },
      feedForwardNorms: { before: 'LayerNorm' },
      finalNorm: 'encoder.LayerNorm',
    }
    const counted = countedPositions(config.max_position_embeddings, config.pad_token_id)
    return preNormEncoderOf({ ...postNormOf(config), ...counted }, names)
  }),
)

/** Writes XLM-R XL (Goyal et al. 2021): RoBERTa with its norms before the parts. */
class XlmRobertaXl extends Decoder {
  protected override heads(): Head[] {
    return this.encoderHeads(ROBERTA_HEADS)
  }
}

export const xlmRobertaXl: FamilyEntry<DecoderConfig> = {
  modelTypes: ['xlm-roberta-xl'],
  causal: false,
  schema,
  write: (input) => new XlmRobertaXl(input),
}
