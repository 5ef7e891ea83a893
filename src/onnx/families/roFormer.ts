import * as v from 'valibot'
import { HEADS_DIVIDE_WIDTH, headsDivideWidth, positiveInteger } from '../../weights/modelConfigFields'
import { type Rotary, rotaryOf } from '../../weights/rotary'
import type { Value } from '../builder/graphBuilder'
import { attentionByHeads, joinHeads, splitHeads } from '../layers/attention'
import { bertHeads } from '../layers/encoderHeads'
import type { Head } from '../layers/heads'
import { linear } from '../layers/linear'
import { bertLayerNames, postNormLayer } from '../layers/postNormLayer'
import { rotate } from '../layers/rotary'
import { bertEntries, postNormOf } from './bertEncoder'
import type { FamilyEntry, FamilyInput } from './family'
import { type EmbeddingWidth, NarrowTableEncoder } from './narrowTableEncoder'

interface RoFormerConfig extends EmbeddingWidth {
  readonly rotary: Rotary
  /** true if values are rotated as well as queries and keys. */
  readonly turnsValues: boolean
}

const schema = v.pipe(
  v.object({ ...bertEntries, embedding_size: v.nullish(positiveInteger), rotary_value: v.boolean() }),
  v.check((config) => headsDivideWidth(config), HEADS_DIVIDE_WIDTH),
  v.transform((config): RoFormerConfig => {
    const common = postNormOf(config)
    const headSize = common.width / common.heads
    return {
      ...common,
      embeddingWidth: config.embedding_size ?? common.width,
      rotary: rotaryOf({}, { headSize, maxPositions: common.maxPositions, interleaved: true }),
      turnsValues: config.rotary_value,
    }
  }),
)

/** Writes RoFormer (Su et al. 2021): BERT with rotary positions, neighbouring entries of a head rotated. */
class RoFormer extends NarrowTableEncoder<RoFormerConfig> {
  constructor(input: FamilyInput<RoFormerConfig>) {
    super(input, 'roformer.', 'embeddings_project', { maxPositions: 0 })
  }

  override layer(index: number, hiddenStates: Value, name: string): Value {
    const { scope, config } = this
    const { width, heads, rotary, turnsValues } = config
    const sizes = { heads, headSize: width / heads }
    const layer = `${this.prefix}encoder.layer.${index}`
    const part = (name: string, turns: boolean) => {
      const split = splitHeads(
        scope,
        linear(scope, hiddenStates, `${layer}.attention.self.${name}`, width, width),
        sizes,
      )
      return turns ? rotate(scope, split, rotary, sizes.headSize) : split
    }
    const [query, key, value] = [part('query', true), part('key', true), part('value', turnsValues)]
    const context = attentionByHeads(scope, query, key, value, { ...sizes, keyHeads: heads })
    const joined = joinHeads(scope, context, sizes)
    return postNormLayer(scope, config, bertLayerNames(layer), hiddenStates, joined, name)
  }

  protected heads(): Head[] {
    const { activation } = this.config
    const { maskedLm } = bertHeads(this.prefix, activation)
    const classifier = { dense: 'classifier.dense', activation, output: 'classifier.out_proj' }
    return this.encoderHeads({ classifier, maskedLm })
  }
}

export const roFormer: FamilyEntry<RoFormerConfig> = {
  modelTypes: ['roformer'],
  causal: false,
  schema,
  write: (input) => new RoFormer(input),
}
