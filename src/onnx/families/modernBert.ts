import * as v from 'valibot'
import {
  type Activation,
  activation,
  type CommonConfig,
  commonEntries,
  commonOf,
  epsilon,
  HEADS_DIVIDE_WIDTH,
  headsDivideWidth,
  layerCount,
  positiveInteger,
  positiveNumber,
} from '../../weights/modelConfigFields'
import { type Rotary, rotaryOf, rotarySchema } from '../../weights/rotary'
import type { Value } from '../builder/graphBuilder'
import { activate } from '../layers/activation'
import { attentionByHeads, joinHeads, splitHeads } from '../layers/attention'
import { type Head, labelCountOf, labelLogits, stateAt, tokenLogits } from '../layers/heads'
import { linear } from '../layers/linear'
import { layerNorm } from '../layers/normalization'
import { preNormLayer } from '../layers/preNormLayer'
import { rotate } from '../layers/rotary'
import { Family, type FamilyEntry, type FamilyInput } from './family'

interface ModernBertConfig extends CommonConfig {
  /** Distance to which a position sees (null: everywhere), and rotary frequencies, by layer. */
  readonly attention: readonly {
    readonly distance: number | null
    readonly rotary: Rotary
  }[]
  readonly normBias: boolean
  readonly attentionBias: boolean
  readonly feedForwardBias: boolean
  readonly headBias: boolean
  readonly headActivation: Activation
  readonly decoderBias: boolean
  readonly pooling: 'cls' | 'mean'
}

const layerType = v.picklist(['full_attention', 'sliding_attention'])

const schema = v.pipe(
  v.object({
    ...commonEntries,
    hidden_size: positiveInteger,
    num_hidden_layers: layerCount,
    num_attention_heads: positiveInteger,
    intermediate_size: positiveInteger,
    max_position_embeddings: positiveInteger,
    hidden_activation: activation,
    norm_eps: epsilon,
    norm_bias: v.optional(v.boolean(), false),
    attention_bias: v.optional(v.boolean(), false),
    mlp_bias: v.optional(v.boolean(), false),
    classifier_bias: v.optional(v.boolean(), false),
    classifier_activation: v.optional(activation, 'gelu'),
    classifier_pooling: v.optional(v.picklist(['cls', 'mean']), 'cls'),
    decoder_bias: v.optional(v.boolean(), true),
    local_attention: v.optional(positiveInteger, 128),
    layer_types: v.nullish(v.array(layerType)),
    global_attn_every_n_layers: v.optional(positiveInteger, 3),
    // transformers 5 writes the first, 4 the other two.
    rope_parameters: v.nullish(
      v.object({
        full_attention: v.nullish(rotarySchema),
        sliding_attention: v.nullish(rotarySchema),
      }),
    ),
    global_rope_theta: v.optional(positiveNumber, 160_000),
    local_rope_theta: v.nullish(positiveNumber, 10_000),
  }),
  v.check((config) => headsDivideWidth(config), HEADS_DIVIDE_WIDTH),
  v.check(
    (config) => !config.layer_types || config.layer_types.length === config.num_hidden_layers,
    'layer_types does not have num_hidden_layers entries',
  ),
  v.transform((config): ModernBertConfig => {
    const headSize = config.hidden_size / config.num_attention_heads
    const rotary = (type: v.InferOutput<typeof layerType>, theta: number) =>
      rotaryOf(
        { rope_parameters: config.rope_parameters?.[type] },
        { headSize, maxPositions: config.max_position_embeddings, theta },
      )
    const attentionOf = {
      full_attention: { distance: null, rotary: rotary('full_attention', config.global_rope_theta) },
      sliding_attention: {
        distance: Math.floor(config.local_attention / 2),
        rotary: rotary('sliding_attention', config.local_rope_theta),
      },
    }
    const typeOf = (layer: number) =>
      config.layer_types?.[layer] ??
      (layer % config.global_attn_every_n_layers === 0 ? 'full_attention' : 'sliding_attention')
    return {
      ...commonOf(config),
      layers: config.num_hidden_layers,
      width: config.hidden_size,
      heads: config.num_attention_heads,
      intermediate: config.intermediate_size,
      maxPositions: config.max_position_embeddings,
      activation: config.hidden_activation,
      normEpsilon: config.norm_eps,
      attention: Array.from({ length: config.num_hidden_layers }, (_, layer) => attentionOf[typeOf(layer)]),
      normBias: config.norm_bias,
      attentionBias: config.attention_bias,
      feedForwardBias: config.mlp_bias,
      headBias: config.classifier_bias,
      headActivation: config.classifier_activation,
      decoderBias: config.decoder_bias,
      pooling: config.classifier_pooling,
    }
  }),
)

/**
 * Writes ModernBERT (Warner et al. 2024): LayerNorm before each part, rotary positions, GeGLU, layers that see
 * everything between layers that see a window, mostly without biases.
 */
class ModernBert extends Family<ModernBertConfig> {
  constructor(input: FamilyInput<ModernBertConfig>) {
    super(input, { prefix: 'model.', name: 'embeddings.tok_embeddings.weight' })
  }

  /** Writes h_0: LayerNorm(word); positions come in with the attention. */
  embeddings(inputIds: Value, _positionIds: Value, name?: string): Value {
    return this.#norm(this.wordRows(inputIds), `${this.prefix}embeddings.norm`, name)
  }

  layer(index: number, hiddenStates: Value, name: string): Value {
    const layer = `${this.prefix}layers.${index}`
    const parts = {
      attend: (states: Value) => {
        // The embeddings have just been normed.
        const input = index === 0 ? states : this.#norm(states, `${layer}.attn_norm`)
        return this.#attention(input, `${layer}.attn`, index)
      },
      feed: (states: Value) => this.#feedForward(this.#norm(states, `${layer}.mlp_norm`), `${layer}.mlp`),
    }
    return preNormLayer(this.scope, parts, hiddenStates, name)
  }

  override finalNorm(hiddenStates: Value): Value {
    return this.#norm(hiddenStates, `${this.prefix}final_norm`)
  }

  protected heads(): Head[] {
    const { scope } = this
    const { width, vocabularySize, decoderBias } = this.config
    if (!this.has('head.dense.weight')) return []
    const heads: Head[] = []
    if (this.has('classifier.weight')) {
      heads.push({
        kind: 'classification',
        labelCount: labelCountOf(scope, 'classifier'),
        logits: (states, name) =>
          labelLogits(scope, stateAt(scope, this.#head(this.#pooled(states)), 0), 'classifier', width, {
            name,
          }),
      })
    }
    // A tied masked-LM head may have no tensor of its own: `dense` and `norm` a classifier has too.
    const isMaskedLm =
      this.config.statedHead === 'masked-lm' || this.has('decoder.bias') || this.has('decoder.weight')
    const table = isMaskedLm ? this.outputTable('decoder.weight') : null
    if (table !== null) {
      const bias = decoderBias ? 'decoder.bias' : undefined
      const output = { table, vocabularySize, tableWidth: width, bias }
      heads.push({
        kind: 'masked-lm',
        logits: (states, name) => tokenLogits(scope, this.#head(states), output, name),
      })
    }
    return heads
  }

  #attention(input: Value, name: string, index: number): Value {
    const { scope } = this
    const { width, heads, attentionBias: bias } = this.config
    const { distance, rotary } = this.config.attention[index]
    const sizes = { heads, headSize: width / heads }
    const all = linear(scope, input, `${name}.Wqkv`, width, 3 * width, { bias })
    const [query, key, value] = scope.builder
      .nodes('Split', [all], 3, { attributes: { axis: -1, num_outputs: 3 } })
      .map((part) => splitHeads(scope, part, sizes))
    const context = attentionByHeads(
      scope,
      rotate(scope, query, rotary, sizes.headSize),
      rotate(scope, key, rotary, sizes.headSize),
      value,
      { ...sizes, keyHeads: heads },
      { distance: distance ?? undefined },
    )
    return linear(scope, joinHeads(scope, context, sizes), `${name}.Wo`, width, width, { bias })
  }

  /** Writes GeGLU (Shazeer 2020): out(act(a) * b) of the two halves of one product. */
  #feedForward(input: Value, name: string): Value {
    const { scope } = this
    const { width, intermediate, activation, feedForwardBias: bias } = this.config
    const both = linear(scope, input, `${name}.Wi`, width, 2 * intermediate, { bias })
    const [inner, gate] = scope.builder.nodes('Split', [both], 2, {
      attributes: { axis: -1, num_outputs: 2 },
    })
    const gated = scope.builder.node('Mul', [activate(scope, inner, activation), gate])
    return linear(scope, gated, `${name}.Wo`, intermediate, width, { bias })
  }

  /** Writes dense, activation, norm. @param states float [b, p, d] */
  #head(states: Value): Value {
    const { scope } = this
    const { width, headActivation, headBias } = this.config
    const dense = linear(scope, states, 'head.dense', width, width, { bias: headBias })
    return this.#norm(activate(scope, dense, headActivation), 'head.norm')
  }

  /** Writes float [b, 1, d]: the first state, or the mean of all. */
  #pooled(states: Value): Value {
    const { builder } = this.scope
    if (this.config.pooling === 'cls') {
      return builder.node('Gather', [states, builder.constant('int64', [0])], { attributes: { axis: 1 } })
    }
    return builder.node('ReduceMean', [states, builder.constant('int64', [1])], {
      attributes: { keepdims: 1 },
    })
  }

  #norm(input: Value, name: string, outputName?: string): Value {
    const { width, normEpsilon, normBias: bias } = this.config
    return layerNorm(this.scope, input, name, width, normEpsilon, { bias, outputName })
  }
}

export const modernBert: FamilyEntry<ModernBertConfig> = {
  modelTypes: ['modernbert'],
  causal: false,
  schema,
  write: (input) => new ModernBert(input),
}
