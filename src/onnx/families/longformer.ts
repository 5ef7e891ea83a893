import * as v from 'valibot'
import {
  HEADS_DIVIDE_WIDTH,
  headsDivideWidth,
  positiveInteger,
  refuseConfig,
} from '../../weights/modelConfigFields'
import type { Value } from '../builder/graphBuilder'
import { attentionByHeads, joinHeads, splitHeads } from '../layers/attention'
import { ROBERTA_HEADS } from '../layers/encoderHeads'
import type { Head } from '../layers/heads'
import { linear } from '../layers/linear'
import { bertLayerNames, postNormLayer } from '../layers/postNormLayer'
import { BertEncoder, bertEntries, type PostNormConfig, postNormOf } from './bertEncoder'
import {
  type CountedConfig,
  countedEntries,
  countedPositions,
  hasPositions,
  NO_POSITIONS,
} from './countedPositions'
import type { FamilyEntry } from './family'

interface LongformerConfig extends CountedConfig, Pick<PostNormConfig, 'typeCount'> {
  /** Number of positions that a position sees to either side, by layer. */
  readonly distances: readonly number[]
}

const window = v.pipe(positiveInteger, v.multipleOf(2, 'attention_window is odd'))

const schema = v.pipe(
  v.object({
    ...bertEntries,
    ...countedEntries,
    attention_window: v.union([window, v.array(window)]),
  }),
  v.check((config) => headsDivideWidth(config), HEADS_DIVIDE_WIDTH),
  v.check((config) => hasPositions(config), NO_POSITIONS),
  v.transform((config): LongformerConfig => {
    const { attention_window: stated, num_hidden_layers: layers } = config
    const windows = typeof stated === 'number' ? new Array<number>(layers).fill(stated) : stated
    if (windows.length !== layers) refuseConfig('attention_window does not have num_hidden_layers entries')
    return {
      ...postNormOf(config),
      ...countedPositions(config.max_position_embeddings, config.pad_token_id),
      distances: windows.map((one) => one / 2),
    }
  }),
)

/**
 * Writes Longformer (Beltagy et al. 2020): RoBERTa whose positions see a window. With a classifier, as transformers calls it, the
 * first position sees all others by projections of its own, and is seen by all.
 */
class Longformer extends BertEncoder<LongformerConfig> {
  override layer(index: number, hiddenStates: Value, name: string): Value {
    const { scope, config } = this
    const layer = `${this.prefix}encoder.layer.${index}`
    const isGlobal = this.head().kind === 'classification'
    const reach = { distance: config.distances[index], first: isGlobal }
    const local = this.#attention(hiddenStates, hiddenStates, `${layer}.attention.self`, '', reach)
    const context = isGlobal ? this.#withFirst(local, hiddenStates, `${layer}.attention.self`) : local
    return postNormLayer(scope, config, bertLayerNames(layer), hiddenStates, context, name)
  }

  protected heads(): Head[] {
    return this.encoderHeads(ROBERTA_HEADS)
  }

  /** Puts in place of the first position what it sees of all. float [b, n, d] */
  #withFirst(local: Value, hiddenStates: Value, self: string): Value {
    const { builder } = this.scope
    const [zero, one, end] = [0, 1, 2 ** 31 - 1].map((place) => builder.constant('int64', [place]))
    const first = builder.node('Slice', [hiddenStates, zero, one, one])
    const rest = builder.node('Slice', [local, one, end, one])
    const global = this.#attention(first, hiddenStates, self, '_global', {})
    return builder.node('Concat', [global, rest], { attributes: { axis: 1 } })
  }

  #attention(
    lookers: Value,
    seen: Value,
    self: string,
    kind: '' | '_global',
    reach: { readonly distance?: number; readonly first?: boolean },
  ): Value {
    const { scope } = this
    const { width, heads } = this.config
    const sizes = { heads, headSize: width / heads }
    const part = (states: Value, name: string) =>
      splitHeads(scope, linear(scope, states, `${self}.${name}${kind}`, width, width), sizes)
    const [query, key, value] = [part(lookers, 'query'), part(seen, 'key'), part(seen, 'value')]
    const context = attentionByHeads(scope, query, key, value, { ...sizes, keyHeads: heads }, reach)
    return joinHeads(scope, context, sizes)
  }
}

export const longformer: FamilyEntry<LongformerConfig> = {
  modelTypes: ['longformer'],
  causal: false,
  schema,
  write: (input) =>
    new Longformer(input, { prefix: 'longformer.', name: 'embeddings.word_embeddings.weight' }),
}
