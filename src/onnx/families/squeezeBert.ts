import * as v from 'valibot'
import { HEADS_DIVIDE_WIDTH, headsDivideWidth, positiveInteger } from '../../weights/modelConfigFields'
import type { Value } from '../builder/graphBuilder'
import { activate } from '../layers/activation'
import { attention } from '../layers/attention'
import { bertHeads } from '../layers/encoderHeads'
import type { Head } from '../layers/heads'
import { layerNorm } from '../layers/normalization'
import { BertEncoder, bertEntries, type PostNormConfig, postNormOf } from './bertEncoder'
import type { FamilyEntry } from './family'

interface SqueezeBertConfig extends PostNormConfig {
  /** Number of groups of channels into which each product is cut. */
  readonly groups: Readonly<Record<'query' | 'key' | 'value' | 'attended' | 'inner' | 'outer', number>>
}

const schema = v.pipe(
  v.object({
    ...bertEntries,
    embedding_size: positiveInteger,
    q_groups: positiveInteger,
    k_groups: positiveInteger,
    v_groups: positiveInteger,
    post_attention_groups: positiveInteger,
    intermediate_groups: positiveInteger,
    output_groups: v.optional(positiveInteger, 4),
  }),
  v.check((config) => headsDivideWidth(config), HEADS_DIVIDE_WIDTH),
  v.check(
    (config) => config.embedding_size === config.hidden_size,
    'embedding_size differs from hidden_size, which is not read in this family',
  ),
  v.transform(
    (config): SqueezeBertConfig => ({
      ...postNormOf(config),
      groups: {
        query: config.q_groups,
        key: config.k_groups,
        value: config.v_groups,
        attended: config.post_attention_groups,
        inner: config.intermediate_groups,
        outer: config.output_groups,
      },
    }),
  ),
)

/**
 * Writes SqueezeBERT (Iandola et al. 2020): BERT with convolutions over groups of channels in place of its products.
 */
class SqueezeBert extends BertEncoder<SqueezeBertConfig> {
  override layer(index: number, hiddenStates: Value, name: string): Value {
    const { scope, config } = this
    const { width, heads, intermediate, activation, normEpsilon, groups } = config
    const layer = `${this.prefix}encoder.layers.${index}`
    const [query, key, value] = (['query', 'key', 'value'] as const).map((part) =>
      this.#convolved(hiddenStates, `${layer}.attention.${part}`, width, width, groups[part]),
    )
    const context = attention(scope, query, key, value, { heads, headSize: width / heads })
    const normed = (states: Value, residual: Value, norm: string, outputName?: string) => {
      const sum = scope.builder.node('Add', [states, residual])
      return layerNorm(scope, sum, `${layer}.${norm}.layernorm`, width, normEpsilon, { outputName })
    }
    const post = this.#convolved(context, `${layer}.post_attention.conv1d`, width, width, groups.attended)
    const attended = normed(post, hiddenStates, 'post_attention')
    const inner = activate(
      scope,
      this.#convolved(attended, `${layer}.intermediate.conv1d`, width, intermediate, groups.inner),
      activation,
    )
    const outer = this.#convolved(inner, `${layer}.output.conv1d`, intermediate, width, groups.outer)
    return normed(outer, attended, 'output', name)
  }

  protected heads(): Head[] {
    return this.encoderHeads(bertHeads(this.prefix, this.config.activation))
  }

  /**
   * Writes a convolution of width one: at each position a product within each group. float [b, n, inputs] -> [b, n,
   * outputs]
   */
  #convolved(states: Value, name: string, inputs: number, outputs: number, group: number): Value {
    const { builder, parameters } = this.scope
    const turned = (value: Value) => builder.node('Transpose', [value], { attributes: { perm: [0, 2, 1] } })
    const weight = parameters.tensor(`${name}.weight`, [outputs, inputs / group, 1])
    const bias = parameters.tensor(`${name}.bias`, [outputs])
    return turned(
      builder.node('Conv', [turned(states), weight, bias], { attributes: { kernel_shape: [1], group } }),
    )
  }
}

export const squeezeBert: FamilyEntry<SqueezeBertConfig> = {
  modelTypes: ['squeezebert'],
  causal: false,
  schema,
  write: (input) =>
    new SqueezeBert(input, { prefix: 'transformer.', name: 'embeddings.word_embeddings.weight' }),
}
