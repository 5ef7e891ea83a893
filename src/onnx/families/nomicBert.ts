import * as v from 'valibot'
import { epsilon, positiveInteger } from '../../weights/modelConfigFields'
import { bertHeads } from '../layers/encoderHeads'
import type { Head } from '../layers/heads'
import { Decoder, type DecoderConfig } from './decoder'
import type { FamilyEntry } from './family'
import { rotaryDecoderEntries, rotaryDecoderOf } from './rotaryDecoder'

const schema = v.pipe(
  v.object({ ...rotaryDecoderEntries, layer_norm_eps: epsilon, type_vocab_size: positiveInteger }),
  v.transform(
    (config): DecoderConfig =>
      rotaryDecoderOf(config, {
        names: {
          prefix: 'nomic_bert.',
          wordTable: 'embeddings.word_embeddings.weight',
          layers: 'encoder.layers',
          attentionNorms: { after: 'norm1' },
          feedForwardNorms: { after: 'norm2' },
          finalNorm: null,
          projections: 'attn.Wqkv',
          attentionOutput: 'attn.out_proj',
          gate: 'mlp.fc12',
          up: 'mlp.fc11',
          down: 'mlp.fc2',
          head: '',
        },
        joined: 'by-part',
        causal: false,
        norm: { kind: 'layer', epsilon: config.layer_norm_eps },
        segments: { name: 'embeddings.token_type_embeddings.weight', count: config.type_vocab_size },
        embeddingNorm: 'emb_ln',
      }),
  ),
)

/** Writes Nomic BERT (Nussbaum et al. 2024): BERT with rotary positions and a gated feed-forward part. */
class NomicBert extends Decoder {
  protected override heads(): Head[] {
    const { classifier, maskedLm } = bertHeads(this.prefix, this.config.activation)
    return this.encoderHeads({
      classifier,
      maskedLm: { ...maskedLm, norm: 'cls.predictions.transform.layer_norm' },
    })
  }
}

export const nomicBert: FamilyEntry<DecoderConfig> = {
  modelTypes: ['nomic_bert'],
  causal: false,
  schema,
  write: (input) => new NomicBert(input),
}
