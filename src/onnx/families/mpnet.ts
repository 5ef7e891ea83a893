import * as v from 'valibot'
import {
  HEADS_DIVIDE_WIDTH,
  headsDivideWidth,
  positiveInteger,
  tabledPositions,
} from '../../weights/modelConfigFields'
import type { Value } from '../builder/graphBuilder'
import { bertEmbeddings } from '../layers/embeddings'
import { ROBERTA_HEADS } from '../layers/encoderHeads'
import type { Head } from '../layers/heads'
import { lookUpRelative } from '../layers/positions'
import { postNormLayer, selfAttention } from '../layers/postNormLayer'
import { mpnetBucket } from '../layers/relativeBuckets'
import { bertEntries, postNormOf } from './bertEncoder'
import { type CountedConfig, countedPositions } from './countedPositions'
import { Family, type FamilyEntry, type FamilyInput } from './family'

interface MpnetConfig extends CountedConfig {
  /** Buckets of relative positions, both directions together. */
  readonly relativeBuckets: number
}

/** MPNet's own padding_idx, written into its code. */
const MPNET_PADDING = 1

const schema = v.pipe(
  v.object({
    ...bertEntries,
    type_vocab_size: v.optional(v.unknown()),
    max_position_embeddings: tabledPositions,
    relative_attention_num_buckets: v.pipe(
      v.optional(positiveInteger, 32),
      v.literal(32, 'transformers itself uses 32 buckets whatever the config says'),
    ),
  }),
  v.check((config) => headsDivideWidth(config), HEADS_DIVIDE_WIDTH),
  v.check(
    (config) => config.max_position_embeddings > MPNET_PADDING + 1,
    'max_position_embeddings leaves no position behind the padding',
  ),
  v.transform((config): MpnetConfig => {
    const { typeCount: _, ...common } = postNormOf({ ...config, type_vocab_size: 1 })
    return {
      ...common,
      ...countedPositions(config.max_position_embeddings, MPNET_PADDING),
      relativeBuckets: config.relative_attention_num_buckets,
    }
  }),
)

/**
 * Writes MPNet (Song et al. 2020): BERT without segments, its positions counted from padding_idx + 1, and a learned bias for
 * each bucket of relative positions, the same in every layer.
 */
class Mpnet extends Family<MpnetConfig> {
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

export const mpnet: FamilyEntry<MpnetConfig> = {
  modelTypes: ['mpnet'],
  causal: false,
  schema,
  write: (input) => new Mpnet(input),
}
