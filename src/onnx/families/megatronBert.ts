import * as v from 'valibot'
import { HEADS_DIVIDE_WIDTH, headsDivideWidth } from '../../weights/modelConfigFields'
import { bertHeads } from '../layers/encoderHeads'
import type { Head } from '../layers/heads'
import { bertEntries, postNormOf } from './bertEncoder'
import { Decoder, type DecoderConfig } from './decoder'
import type { FamilyEntry } from './family'
import { preNormEncoderOf } from './preNormEncoder'

const schema = v.pipe(
  v.object(bertEntries),
  v.check((config) => headsDivideWidth(config), HEADS_DIVIDE_WIDTH),
  v.transform(
    (config): DecoderConfig =>
      preNormEncoderOf(postNormOf(config), {
        prefix: 'bert.',
        attentionNorms: { before: 'attention.ln' },
        feedForwardNorms: { before: 'ln' },
        finalNorm: 'encoder.ln',
      }),
  ),
)

/** Writes Megatron-BERT (Shoeybi et al. 2019): BERT with its norms before the parts. */
class MegatronBert extends Decoder {
  protected override heads(): Head[] {
    return this.encoderHeads(bertHeads(this.prefix, this.config.activation))
  }
}

export const megatronBert: FamilyEntry<DecoderConfig> = {
  modelTypes: ['megatron-bert'],
  causal: false,
  schema,
  write: (input) => new MegatronBert(input),
}
