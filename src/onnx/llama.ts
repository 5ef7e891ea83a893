import type { LlamaConfig } from '../weights/modelConfig'
import { activate } from './activation'
import { attentionByHeads, joinHeads, splitHeads } from './attention'
import { Family, type FamilyInput } from './family'
import type { Value } from './graphBuilder'
import { decoderHeads, type Head } from './heads'
import { linear } from './linear'
import { rmsNorm } from './normalization'
import { preNormLayer } from './preNormLayer'
import { rotate } from './rotary'

/**
 * Llama (Touvron et al. 2023) and the decoders after its pattern: RMSNorm before each part, rotary positions, grouped
 * queries, a gated feed-forward part. Mistral sees a window, Qwen2 has biases, Qwen3 norms each head.
 */
export class Llama extends Family<LlamaConfig> {
  constructor(input: FamilyInput<LlamaConfig>) {
    super(input, { prefix: 'model.', name: 'embed_tokens.weight' })
  }

  /** h_0: the word alone; positions come in with the attention. */
  embeddings(inputIds: Value, _positionIds: Value, name?: string): Value {
    return this.scope.builder.node('Identity', [this.wordRows(inputIds)], { name })
  }

  layer(index: number, hiddenStates: Value, name: string): Value {
    const last = index === this.config.layers - 1
    const layer = `${this.prefix}layers.${index}`
    const parts = {
      attend: (states: Value) =>
        this.#attention(this.#norm(states, `${layer}.input_layernorm`), `${layer}.self_attn`, index),
      feed: (states: Value) =>
        this.#feedForward(this.#norm(states, `${layer}.post_attention_layernorm`), `${layer}.mlp`),
      ...(last && {
        finalNorm: (states: Value, name: string) => this.#norm(states, `${this.prefix}norm`, name),
      }),
    }
    return preNormLayer(this.scope, parts, hiddenStates, name)
  }

  protected heads(): Head[] {
    return decoderHeads(this.scope, this.config, this.outputTable('lm_head.weight'))
  }

  #attention(input: Value, name: string, index: number): Value {
    const { scope } = this
    const { width, heads, keyHeads, headSize, queryBias, outputBias, headNorms, frequencies } = this.config
    const project = (part: string, count: number) => {
      const projected = linear(scope, input, `${name}.${part}_proj`, width, count * headSize, {
        bias: queryBias,
      })
      return splitHeads(scope, projected, { heads: count, headSize })
    }
    const place = (part: string, count: number) => {
      const states = project(part, count)
      const normed = headNorms ? this.#norm(states, `${name}.${part}_norm`, undefined, headSize) : states
      return rotate(scope, normed, frequencies)
    }
    const context = attentionByHeads(
      scope,
      place('q', heads),
      place('k', keyHeads),
      project('v', keyHeads),
      { heads, keyHeads, headSize },
      { causal: true, distance: this.config.reach[index] ?? undefined },
    )
    const joined = joinHeads(scope, context, { heads, headSize })
    return linear(scope, joined, `${name}.o_proj`, heads * headSize, width, { bias: outputBias })
  }

  /** SwiGLU (Shazeer 2020): down(act(gate(x)) * up(x)). */
  #feedForward(input: Value, name: string): Value {
    const { scope } = this
    const { width, intermediate, activation, feedForwardBias: bias } = this.config
    const inner = (part: string) => linear(scope, input, `${name}.${part}`, width, intermediate, { bias })
    const gated = scope.builder.node('Mul', [
      activate(scope, inner('gate_proj'), activation),
      inner('up_proj'),
    ])
    return linear(scope, gated, `${name}.down_proj`, intermediate, width, { bias })
  }

  #norm(input: Value, name: string, outputName?: string, width = this.config.width): Value {
    return rmsNorm(this.scope, input, name, width, this.config.normEpsilon, outputName)
  }
}
