import * as v from 'valibot'
import {
  activation,
  type CommonConfig,
  commonEntries,
  commonOf,
  epsilon,
  layerCount,
  notADecoder,
  positiveInteger,
} from '../../weights/modelConfigFields'
import type { Value } from '../builder/graphBuilder'
import { bertEmbeddings } from '../layers/embeddings'
import { bertLayer } from '../layers/postNormLayer'
import { Family } from './family'

/** Holds the values that BERT and encoders of its pattern share: embeddings with LayerNorm, post-LN layers. */
export interface PostNormConfig extends CommonConfig {
  /** Segment embeddings; the first is the one used. */
  readonly typeCount: number
}

export const bertEntries = {
  ...commonEntries,
  ...notADecoder,
  hidden_size: positiveInteger,
  num_hidden_layers: layerCount,
  num_attention_heads: positiveInteger,
  intermediate_size: positiveInteger,
  max_position_embeddings: positiveInteger,
  type_vocab_size: positiveInteger,
  hidden_act: activation,
  layer_norm_eps: epsilon,
  position_embedding_type: v.optional(
    v.literal('absolute', 'only absolute positions are read in this family'),
    'absolute',
  ),
}

type BertFields = v.InferOutput<v.ObjectSchema<typeof bertEntries, undefined>>

export function postNormOf(config: BertFields): PostNormConfig {
  return {
    ...commonOf(config),
    layers: config.num_hidden_layers,
    width: config.hidden_size,
    heads: config.num_attention_heads,
    intermediate: config.intermediate_size,
    maxPositions: config.max_position_embeddings,
    typeCount: config.type_vocab_size,
    activation: config.hidden_act,
    normEpsilon: config.layer_norm_eps,
  }
}

interface BertEncoderConfig extends CommonConfig {
  readonly typeCount: number
  readonly positionOffset?: number
}

/** Writes the encoder of BERT (Devlin et al. 2019), which RoBERTa and ELECTRA use with all its names. */
export abstract class BertEncoder<C extends BertEncoderConfig> extends Family<C> {
  /** Writes h_0: LayerNorm(word + type 0 + position). */
  embeddings(inputIds: Value, positionIds: Value, name?: string): Value {
    const tables = { ...this.config, name: `${this.prefix}embeddings`, width: this.tableWidth }
    return bertEmbeddings(this.scope, tables, this.wordRows(inputIds), positionIds, name)
  }

  /** Writes one encoder layer, post-LN. */
  layer(index: number, hiddenStates: Value, name: string): Value {
    return bertLayer(this.scope, this.config, `${this.prefix}encoder.layer.${index}`, hiddenStates, name)
  }
}
