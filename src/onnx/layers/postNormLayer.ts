import type { CommonConfig } from '../../weights/modelConfig'
import type { Value } from '../builder/graphBuilder'
import type { GraphScope } from '../builder/graphScope'
import { activate } from './activation'
import { type AttentionOptions, attention } from './attention'
import { linear } from './linear'
import { layerNorm } from './normalization'

/** Names the tensors of a post-LN layer, without `.weight` and `.bias`. */
export interface PostNormNames {
  readonly attentionOutput: string
  readonly attentionNorm: string
  readonly intermediate: string
  readonly output: string
  readonly outputNorm: string
}

/**
 * Writes an encoder layer with LayerNorm after each of its two sums (Vaswani et al. 2017), the pattern of BERT.
 *
 * @param hiddenStates float [b, n, d]
 * @param context what attention gives before its output projection, float [b, n, d]
 */
export function postNormLayer(
  scope: GraphScope,
  { width, intermediate, activation, normEpsilon }: CommonConfig,
  names: PostNormNames,
  hiddenStates: Value,
  context: Value,
  outputName?: string,
): Value {
  const sum = (a: Value, b: Value) => scope.builder.node('Add', [a, b])
  const attended = layerNorm(
    scope,
    sum(linear(scope, context, names.attentionOutput, width, width), hiddenStates),
    names.attentionNorm,
    width,
    normEpsilon,
  )
  const inner = activate(scope, linear(scope, attended, names.intermediate, width, intermediate), activation)
  const outer = linear(scope, inner, names.output, intermediate, width)
  return layerNorm(scope, sum(outer, attended), names.outputNorm, width, normEpsilon, { outputName })
}

/** Returns BERT's names, which several families use too. @param layer `bert.encoder.layer.0` */
export const bertLayerNames = (layer: string): PostNormNames => ({
  attentionOutput: `${layer}.attention.output.dense`,
  attentionNorm: `${layer}.attention.output.LayerNorm`,
  intermediate: `${layer}.intermediate.dense`,
  output: `${layer}.output.dense`,
  outputNorm: `${layer}.output.LayerNorm`,
})

/**
 * Writes attention of a sequence to itself, with a projection each for queries, keys and values.
 *
 * @param names of the three projections
 */
export function selfAttention(
  scope: GraphScope,
  { width, heads }: CommonConfig,
  names: readonly [query: string, key: string, value: string],
  hiddenStates: Value,
  options: AttentionOptions = {},
): Value {
  const [query, key, value] = names.map((name) => linear(scope, hiddenStates, name, width, width))
  return attention(scope, query, key, value, { heads, headSize: width / heads }, options)
}

/** Writes a whole layer under BERT's names: attention to itself, then the rest. */
export function bertLayer(
  scope: GraphScope,
  config: CommonConfig,
  layer: string,
  hiddenStates: Value,
  outputName: string,
): Value {
  const self = `${layer}.attention.self`
  const names = [`${self}.query`, `${self}.key`, `${self}.value`] as const
  const context = selfAttention(scope, config, names, hiddenStates)
  return postNormLayer(scope, config, bertLayerNames(layer), hiddenStates, context, outputName)
}
