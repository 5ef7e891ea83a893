import * as v from 'valibot'
import {
  type Activation,
  activation,
  HEADS_DIVIDE_WIDTH,
  headsDivideWidth,
  positiveInteger,
  tabledPositions,
  wholeNumber,
} from '../../weights/modelConfigFields'
import type { Value } from '../builder/graphBuilder'
import { activate } from '../layers/activation'
import { joinHeads, splitHeads } from '../layers/attention'
import { bertEmbeddings } from '../layers/embeddings'
import type { Head } from '../layers/heads'
import { type LinearOptions, linear } from '../layers/linear'
import { layerNorm } from '../layers/normalization'
import { lookUpRelative } from '../layers/positions'
import { bertLayerNames, postNormLayer } from '../layers/postNormLayer'
import { debertaBucket } from '../layers/relativeBuckets'
import { bertEntries, type PostNormConfig, postNormOf } from './bertEncoder'
import { Family, type FamilyEntry, type FamilyInput } from './family'

export interface DebertaV2Config extends PostNormConfig {
  /** true if absolute positions are added to h_0. */
  readonly absolutePositions: boolean
  /** Relative positions the table has rows for, in each direction. */
  readonly relativeSpan: number
  /** true if far positions share rows, in logarithmic buckets. */
  readonly logBuckets: boolean
  readonly maxRelativePositions: number
  /** true if queries look at positions (c2p), and keys (p2c). */
  readonly contentToPosition: boolean
  readonly positionToContent: boolean
  /** true if positions go through the projections of the content. */
  readonly sharedKeys: boolean
  readonly relativeNorm: boolean
  /** Sizes of the convolution parallel to the first layer; null where there is none. */
  readonly convolution: {
    readonly kernel: number
    readonly groups: number
    readonly activation: Activation
  } | null
  readonly poolerActivation: Activation
}

/** Limit; none if below 1. */
const limit = v.pipe(v.number(), v.integer(), v.maxValue(2 ** 16))

interface PositionFields {
  readonly max_position_embeddings: number
  readonly max_relative_positions: number
}

const maxRelativeOf = (config: PositionFields) =>
  config.max_relative_positions < 1 ? config.max_position_embeddings : config.max_relative_positions

/** Lists in old configs are strings, "c2p|p2c". */
const partList = v.pipe(
  v.nullish(v.union([v.string(), v.array(v.string())]), []),
  v.transform((value) => (typeof value === 'string' ? value.split('|').map((part) => part.trim()) : value)),
)

/** Reads a config of DeBERTa-v2, and the fields that the first DeBERTa shares. */
export const debertaSchema = v.pipe(
  v.object({
    ...bertEntries,
    type_vocab_size: v.optional(wholeNumber, 0),
    relative_attention: v.literal(true, 'DeBERTa without relative attention is not read'),
    max_position_embeddings: tabledPositions,
    max_relative_positions: v.nullish(limit, -1),
    position_buckets: v.nullish(limit, -1),
    position_biased_input: v.optional(v.boolean(), true),
    pos_att_type: v.pipe(
      partList,
      v.array(v.picklist(['c2p', 'p2c'], 'only c2p and p2c attention to positions are read')),
    ),
    share_att_key: v.optional(v.boolean(), false),
    norm_rel_ebd: v.optional(v.picklist(['none', 'layer_norm']), 'none'),
    conv_kernel_size: v.optional(wholeNumber, 0),
    conv_groups: v.optional(positiveInteger, 1),
    conv_act: v.optional(activation, 'tanh'),
    embedding_size: v.nullish(positiveInteger),
    attention_head_size: v.nullish(positiveInteger),
    pooler_hidden_act: v.optional(activation, 'gelu'),
    legacy: v.optional(v.boolean(), true),
  }),
  v.check((config) => headsDivideWidth(config), HEADS_DIVIDE_WIDTH),
  v.check(
    (config) => (config.embedding_size ?? config.hidden_size) === config.hidden_size,
    'embedding_size differs from hidden_size, which is not read in this family',
  ),
  v.check(
    (config) =>
      (config.attention_head_size ?? config.hidden_size / config.num_attention_heads) ===
      config.hidden_size / config.num_attention_heads,
    'attention_head_size is not hidden_size / num_attention_heads, which is not read',
  ),
  v.check(
    (config) => config.conv_kernel_size % 2 === 1 || config.conv_kernel_size === 0,
    'conv_kernel_size is even, which is not read',
  ),
  v.check(
    ({ position_buckets: buckets, ...config }) =>
      buckets < 1 || (buckets > 1 && Math.trunc(buckets / 2) < maxRelativeOf(config) - 1),
    'position_buckets does not fit the number of relative positions',
  ),
  v.transform((config): DebertaV2Config => {
    const maxRelativePositions = maxRelativeOf(config)
    return {
      ...postNormOf(config),
      absolutePositions: config.position_biased_input,
      relativeSpan: config.position_buckets > 0 ? config.position_buckets : maxRelativePositions,
      logBuckets: config.position_buckets > 0,
      maxRelativePositions,
      contentToPosition: config.pos_att_type.includes('c2p'),
      positionToContent: config.pos_att_type.includes('p2c'),
      sharedKeys: config.share_att_key,
      relativeNorm: config.norm_rel_ebd === 'layer_norm',
      convolution:
        config.conv_kernel_size > 0
          ? { kernel: config.conv_kernel_size, groups: config.conv_groups, activation: config.conv_act }
          : null,
      poolerActivation: config.pooler_hidden_act,
    }
  }),
)

/**
 * Writes DeBERTa-v2 and v3 (He et al. 2021): attention to contents and to relative positions apart ("disentangled"),
 * far positions in logarithmic buckets, in some models a convolution parallel to the first layer.
 */
export class DebertaV2 extends Family<DebertaV2Config> {
  constructor(input: FamilyInput<DebertaV2Config>) {
    super(input, { prefix: 'deberta.', name: 'embeddings.word_embeddings.weight' })
  }

  /** Writes h_0: LayerNorm(word + type 0 + position), without those of the last two that the model lacks. */
  embeddings(inputIds: Value, positionIds: Value, name?: string): Value {
    const { absolutePositions, maxPositions } = this.config
    const tables = {
      ...this.config,
      name: `${this.prefix}embeddings`,
      maxPositions: absolutePositions ? maxPositions : 0,
    }
    return bertEmbeddings(this.scope, tables, this.wordRows(inputIds), positionIds, name)
  }

  layer(index: number, hiddenStates: Value, name: string): Value {
    const { scope, config } = this
    const layer = `${this.prefix}encoder.layer.${index}`
    const context = this.#attention(hiddenStates, `${layer}.attention.self`)
    const names = bertLayerNames(layer)
    if (index > 0 || !config.convolution) {
      return postNormLayer(scope, config, names, hiddenStates, context, name)
    }
    return this.#convolved(hiddenStates, postNormLayer(scope, config, names, hiddenStates, context), name)
  }

  protected heads(): Head[] {
    const { activation, poolerActivation } = this.config
    const classifier = { dense: 'pooler.dense', activation: poolerActivation, output: 'classifier' }
    // `legacy: false` keeps the head as DeBERTa's own code has it.
    const own = 'lm_predictions.lm_head'
    if (this.has(`${own}.dense.weight`)) {
      const maskedLm = {
        dense: `${own}.dense`,
        norm: `${own}.LayerNorm`,
        decoder: null,
        bias: `${own}.bias`,
      }
      return this.encoderHeads({ classifier, maskedLm: { ...maskedLm, activation } })
    }
    const predictions = 'cls.predictions'
    return this.encoderHeads({
      classifier,
      maskedLm: {
        dense: `${predictions}.transform.dense`,
        activation,
        norm: `${predictions}.transform.LayerNorm`,
        decoder: `${predictions}.decoder`,
        bias: `${predictions}.bias`,
      },
    })
  }

  /** Writes queries, keys and values, each float [b, heads, n, headSize]. */
  protected contents(hiddenStates: Value, self: string): Value[] {
    return ['query_proj', 'key_proj', 'value_proj'].map((part) =>
      this.projected(hiddenStates, `${self}.${part}`),
    )
  }

  /** Writes keys or queries of relative positions, float [1, heads, 2 span, headSize]. */
  protected positionPart(positions: Value, self: string, part: 'key' | 'query'): Value {
    const name = this.config.sharedKeys ? `${part}_proj` : `pos_${part}_proj`
    return this.projected(positions, `${self}.${name}`)
  }

  protected projected(input: Value, name: string, options: LinearOptions = {}): Value {
    const { width, heads } = this.config
    const states = linear(this.scope, input, name, width, width, options)
    return splitHeads(this.scope, states, { heads, headSize: width / heads })
  }

  /**
   * Writes softmax((Q K^T + c2p + p2c) / sqrt(parts x headSize)) V, equation 4 of DeBERTa (He et al. 2020): c2p is what
   * a query finds in the position it looks at, p2c what a key finds in the position it is looked at from.
   */
  #attention(hiddenStates: Value, self: string): Value {
    const { scope } = this
    const { builder } = scope
    const { width, heads, contentToPosition, positionToContent } = this.config
    const sizes = { heads, headSize: width / heads }
    const product = (a: Value, b: Value) => {
      const columns = builder.node('Transpose', [b], { attributes: { perm: [0, 1, 3, 2] } })
      return builder.node('MatMul', [a, columns])
    }
    const [query, key, value] = this.contents(hiddenStates, self)
    const positions = this.#relativeEmbeddings()
    const rows = this.#relativeRows(hiddenStates)

    const scores = [product(query, key)]
    if (contentToPosition) {
      const positionKeys = this.positionPart(positions, self, 'key')
      scores.push(this.#atPair(product(query, positionKeys), rows))
    }
    if (positionToContent) {
      const positionQueries = this.positionPart(positions, self, 'query')
      // Row i, column j of the result is key j's: looked up with the pair's roles changed, then turned.
      const pairs = builder.node('Transpose', [rows], { attributes: { perm: [1, 0] } })
      const byKey = this.#atPair(product(key, positionQueries), pairs)
      scores.push(builder.node('Transpose', [byKey], { attributes: { perm: [0, 1, 3, 2] } }))
    }
    const sum = scores.reduce((one, other) => builder.node('Add', [one, other]))
    const scale = 1 / Math.sqrt(scores.length * sizes.headSize)
    const scaled = builder.node('Mul', [sum, builder.constant('float', [scale], [])])
    const weights = builder.node('Softmax', [scaled], { attributes: { axis: -1 } })
    return joinHeads(scope, builder.node('MatMul', [weights, value]), sizes)
  }

  /**
   * Selects from each row's products with all relative positions those of its pairs.
   *
   * @param products float [b, heads, n, 2 span]
   * @param rows int64 [n, n]
   * @returns float [b, heads, n, n]
   */
  #atPair(products: Value, rows: Value): Value {
    const { builder } = this.scope
    const batchAndHeads = builder.node('Shape', [products], { attributes: { end: 2 } })
    const shape = builder.node('Concat', [batchAndHeads, builder.node('Shape', [rows])], {
      attributes: { axis: 0 },
    })
    return builder.node('GatherElements', [products, builder.node('Expand', [rows, shape])], {
      attributes: { axis: 3 },
    })
  }

  /** Writes float [1, 2 span, d]: one embedding a relative position, from the farthest behind to the farthest ahead. */
  #relativeEmbeddings(): Value {
    const { builder, parameters } = this.scope
    const { relativeSpan, width, relativeNorm, normEpsilon } = this.config
    const encoder = `${this.prefix}encoder`
    return builder.once('relative_embeddings', () => {
      const table = parameters.tensor(`${encoder}.rel_embeddings.weight`, [2 * relativeSpan, width])
      const rows = builder.node('Unsqueeze', [table, builder.constant('int64', [0])])
      return relativeNorm ? layerNorm(this.scope, rows, `${encoder}.LayerNorm`, width, normEpsilon) : rows
    })
  }

  /** Writes int64 [n, n]: the row of the relative embeddings for each pair. */
  #relativeRows(hiddenStates: Value): Value {
    const { builder } = this.scope
    const { relativeSpan: span, logBuckets, maxPositions, maxRelativePositions } = this.config
    return builder.once('relative_rows', () =>
      lookUpRelative(builder, hiddenStates, maxPositions, (ahead) => {
        const bucket = logBuckets ? debertaBucket(ahead, span, maxRelativePositions) : ahead
        return Math.min(Math.max(bucket + span, 0), 2 * span - 1)
      }),
    )
  }

  /** Writes LayerNorm(h_1 + act(convolution of h_0)), in place of the first layer's output. */
  #convolved(hiddenStates: Value, output: Value, name: string): Value {
    const { scope } = this
    const { builder, parameters } = scope
    const { width, normEpsilon, convolution } = this.config
    if (!convolution) return output
    const { kernel, groups, activation } = convolution
    const conv = `${this.prefix}encoder.conv`
    const turned = (states: Value) => builder.node('Transpose', [states], { attributes: { perm: [0, 2, 1] } })
    const padding = (kernel - 1) / 2
    const convolved = builder.node(
      'Conv',
      [
        turned(hiddenStates),
        parameters.tensor(`${conv}.conv.weight`, [width, width / groups, kernel]),
        parameters.tensor(`${conv}.conv.bias`, [width]),
      ],
      { attributes: { kernel_shape: [kernel], pads: [padding, padding], group: groups } },
    )
    const sum = builder.node('Add', [output, activate(scope, turned(convolved), activation)])
    return layerNorm(scope, sum, `${conv}.LayerNorm`, width, normEpsilon, { outputName: name })
  }
}

export const debertaV2: FamilyEntry<DebertaV2Config> = {
  modelTypes: ['deberta-v2'],
  causal: false,
  schema: debertaSchema,
  write: (input) => new DebertaV2(input),
}
