import type { ModernBertConfig } from '../weights/modelConfig'
import { activate } from './activation'
import { attentionByHeads, joinHeads, splitHeads } from './attention'
import { Family, type FamilyInput } from './family'
import type { Value } from './graphBuilder'
import { type Head, labelCountOf, labelLogits, stateAt, tokenLogits } from './heads'
import { linear } from './linear'
import { layerNorm } from './normalization'
import { preNormLayer } from './preNormLayer'
import { rotate } from './rotary'

/**
 * ModernBERT (Warner et al. 2024): LayerNorm before each part, rotary positions, GeGLU, layers that see everything
 * between layers that see a window, mostly without biases.
 */
export class ModernBert extends Family<ModernBertConfig> {
  constructor(input: FamilyInput<ModernBertConfig>) {
    super(input, { prefix: 'model.', name: 'embeddings.tok_embeddings.weight' })
  }

  /** h_0: LayerNorm(word); positions come in with the attention. */
  embeddings(inputIds: Value, _positionIds: Value, name?: string): Value {
    return this.#norm(this.wordRows(inputIds), `${this.prefix}embeddings.norm`, name)
  }

  layer(index: number, hiddenStates: Value, name: string): Value {
    const last = index === this.config.layers - 1
    const layer = `${this.prefix}layers.${index}`
    const parts = {
      attend: (states: Value) => {
        // The embeddings have just been normed.
        const input = index === 0 ? states : this.#norm(states, `${layer}.attn_norm`)
        return this.#attention(input, `${layer}.attn`, index)
      },
      feed: (states: Value) => this.#feedForward(this.#norm(states, `${layer}.mlp_norm`), `${layer}.mlp`),
      ...(last && {
        finalNorm: (states: Value, name: string) => this.#norm(states, `${this.prefix}final_norm`, name),
      }),
    }
    return preNormLayer(this.scope, parts, hiddenStates, name)
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
    const { distance, frequencies } = this.config.attention[index]
    const sizes = { heads, headSize: width / heads }
    const all = linear(scope, input, `${name}.Wqkv`, width, 3 * width, { bias })
    const [query, key, value] = scope.builder
      .nodes('Split', [all], 3, { attributes: { axis: -1, num_outputs: 3 } })
      .map((part) => splitHeads(scope, part, sizes))
    const context = attentionByHeads(
      scope,
      rotate(scope, query, frequencies),
      rotate(scope, key, frequencies),
      value,
      { ...sizes, keyHeads: heads },
      { distance: distance ?? undefined },
    )
    return linear(scope, joinHeads(scope, context, sizes), `${name}.Wo`, width, width, { bias })
  }

  /** GeGLU (Shazeer 2020): out(act(a) * b) of the two halves of one product. */
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

  /** Dense, activation, norm. @param states float [b, p, d] */
  #head(states: Value): Value {
    const { scope } = this
    const { width, headActivation, headBias } = this.config
    const dense = linear(scope, states, 'head.dense', width, width, { bias: headBias })
    return this.#norm(activate(scope, dense, headActivation), 'head.norm')
  }

  /** float [b, 1, d]: the first state, or the mean of all. */
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
