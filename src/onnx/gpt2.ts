import type { Gpt2Config } from '../weights/modelConfig'
import { activate } from './activation'
import { attention } from './attention'
import { Family, type FamilyInput } from './family'
import type { Value } from './graphBuilder'
import { decoderHeads, type Head } from './heads'
import { linear } from './linear'
import { layerNorm } from './normalization'
import { preNormLayer } from './preNormLayer'

const CONV1D = { layout: 'conv1d' } as const

/** GPT-2 (Radford et al. 2019): a causal decoder with LayerNorm before each part. */
export class Gpt2 extends Family<Gpt2Config> {
  constructor(input: FamilyInput<Gpt2Config>) {
    super(input, { prefix: 'transformer.', name: 'wte.weight' })
  }

  /** h_0: word + position. */
  embeddings(inputIds: Value, positionIds: Value, name?: string): Value {
    const { builder, parameters } = this.scope
    const { maxPositions, width } = this.config
    const positions = parameters.rows(`${this.prefix}wpe.weight`, [maxPositions, width], positionIds)
    return builder.node('Add', [this.wordRows(inputIds), positions], { name })
  }

  layer(index: number, hiddenStates: Value, name: string): Value {
    const last = index === this.config.layers - 1
    const layer = `${this.prefix}h.${index}`
    const parts = {
      attend: (states: Value) => this.#attention(this.#norm(states, `${layer}.ln_1`), `${layer}.attn`),
      feed: (states: Value) => this.#feedForward(this.#norm(states, `${layer}.ln_2`), `${layer}.mlp`),
      ...(last && {
        finalNorm: (states: Value, name: string) => this.#norm(states, `${this.prefix}ln_f`, name),
      }),
    }
    return preNormLayer(this.scope, parts, hiddenStates, name)
  }

  protected heads(): Head[] {
    return decoderHeads(this.scope, this.config, this.outputTable('lm_head.weight'))
  }

  #attention(input: Value, name: string): Value {
    const { scope } = this
    const { width, heads } = this.config
    const all = linear(scope, input, `${name}.c_attn`, width, 3 * width, CONV1D)
    const [query, key, value] = scope.builder.nodes('Split', [all], 3, {
      attributes: { axis: -1, num_outputs: 3 },
    })
    const context = attention(scope, query, key, value, { heads, headSize: width / heads }, { causal: true })
    return linear(scope, context, `${name}.c_proj`, width, width, CONV1D)
  }

  #feedForward(input: Value, name: string): Value {
    const { scope } = this
    const { width, intermediate, activation } = this.config
    const inner = activate(
      scope,
      linear(scope, input, `${name}.c_fc`, width, intermediate, CONV1D),
      activation,
    )
    return linear(scope, inner, `${name}.c_proj`, intermediate, width, CONV1D)
  }

  #norm(input: Value, name: string, outputName?: string): Value {
    return layerNorm(this.scope, input, name, this.config.width, this.config.normEpsilon, { outputName })
  }
}
