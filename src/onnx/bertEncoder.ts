import type { CommonConfig } from '../weights/modelConfig'
import { bertEmbeddings } from './embeddings'
import { Family } from './family'
import type { Value } from './graphBuilder'
import { bertLayer } from './postNormLayer'

interface BertEncoderConfig extends CommonConfig {
  readonly typeCount: number
  readonly positionOffset?: number
}

/** The encoder of BERT (Devlin et al. 2019), which RoBERTa and ELECTRA have kept with all its names. */
export abstract class BertEncoder<C extends BertEncoderConfig> extends Family<C> {
  /** h_0: LayerNorm(word + type 0 + position). */
  embeddings(inputIds: Value, positionIds: Value, name?: string): Value {
    const tables = { ...this.config, name: `${this.prefix}embeddings`, width: this.tableWidth }
    return bertEmbeddings(this.scope, tables, this.wordRows(inputIds), positionIds, name)
  }

  /** One encoder layer, post-LN. */
  layer(index: number, hiddenStates: Value, name: string): Value {
    return bertLayer(this.scope, this.config, `${this.prefix}encoder.layer.${index}`, hiddenStates, name)
  }
}
