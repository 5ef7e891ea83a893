import type { MpnetConfig } from '../weights/modelConfig'
import { bertEmbeddings } from './embeddings'
import { ROBERTA_HEADS } from './encoderHeads'
import { Family, type FamilyInput } from './family'
import type { Value } from './graphBuilder'
import type { Head } from './heads'
import { lookUpRelative } from './positions'
import { postNormLayer, selfAttention } from './postNormLayer'
import { mpnetBucket } from './relativeBuckets'

/**
 * MPNet (Song et al. 2020): BERT without segments, its positions counted from padding_idx + 1, and a learned bias for
 * each bucket of relative positions, the same in every layer.
 */
export class Mpnet extends Family<MpnetConfig> {
  constructor(input: FamilyInput<MpnetConfig>) {
    super(input, { prefix: 'mpnet.', name: 'embeddings.word_embeddings.weight' })
  }

  embeddings(inputIds: Value, positionIds: Value, name?: string): Value {
    const tables = { ...this.config, name: `${this.prefix}embeddings` }
    return bertEmbeddings(this.scope, tables, this.wordRows(inputIds), positionIds, name)
  }

  layer(index: number, hiddenStates: Value, name: string): Value {
    const { scope, config } = this
    const layer = `${this.prefix}encoder.layer.${index}`
    const attention = `${layer}.attention`
    const names = [`${attention}.attn.q`, `${attention}.attn.k`, `${attention}.attn.v`] as const
    const context = selfAttention(scope, config, names, hiddenStates, {
      bias: this.#positionBias(hiddenStates),
    })
    const rest = {
      attentionOutput: `${attention}.attn.o`,
      attentionNorm: `${attention}.LayerNorm`,
      intermediate: `${layer}.intermediate.dense`,
      output: `${layer}.output.dense`,
      outputNorm: `${layer}.output.LayerNorm`,
    }
    return postNormLayer(scope, config, rest, hiddenStates, context, name)
  }

  protected heads(): Head[] {
    return this.encoderHeads(ROBERTA_HEADS)
  }

  /** float [1, heads, n, n] */
  #positionBias(hiddenStates: Value): Value {
    const { builder, parameters } = this.scope
    const { heads, relativeBuckets, maxPositions } = this.config
    return builder.once('position_bias', () => {
      const buckets = lookUpRelative(builder, hiddenStates, maxPositions, (ahead) =>
        mpnetBucket(ahead, relativeBuckets),
      )
      const table = `${this.prefix}encoder.relative_attention_bias.weight`
      const byPair = parameters.rows(table, [relativeBuckets, heads], buckets)
      const byHead = builder.node('Transpose', [byPair], { attributes: { perm: [2, 0, 1] } })
      return builder.node('Unsqueeze', [byHead, builder.constant('int64', [0])])
    })
  }
}
