import type { Value } from '../builder/graphBuilder'
import type { GraphScope } from '../builder/graphScope'
import { positionsOf, relativePositionsOf } from './positions'

/** fp32's lowest value: added to a score that must not count. */
const LOWEST = -3.4028234663852886e38

export interface HeadSizes {
  readonly heads: number
  /** Width of one head. */
  readonly headSize: number
}

/** Limits the positions that a position may look at; without either, everything. */
export interface AttentionReach {
  /** true if a position sees only itself and earlier ones. */
  readonly causal?: boolean
  /** Largest distance that a position sees. */
  readonly distance?: number
  /** true if every position also sees the first, however far away. */
  readonly first?: boolean
}

export interface AttentionOptions extends AttentionReach {
  /**
   * Bias added to the scaled scores: float, broadcast against [b, heads, n, n]; with grouped queries [1, heads, 1, n].
   */
  readonly bias?: Value
  /** Factor of the products; 1 / sqrt(headSize) by default. */
  readonly scale?: number
  /** Limit below which scaled products are bent: cap tanh(x / cap). */
  readonly cap?: number
}

/**
 * Writes softmax(Q K^T scale + bias) V for each head (Vaswani et al. 2017, eq. 1), as the runtime's own operator or in
 * ONNX's. Sequences of one batch have one length, so there is no padding to hide.
 *
 * @param query float [b, n, heads * headSize], as `key` and `value`
 * @returns float [b, n, heads * headSize]
 */
export function attention(
  scope: GraphScope,
  query: Value,
  key: Value,
  value: Value,
  sizes: HeadSizes,
  options: AttentionOptions = {},
): Value {
  const { builder, fusedAttention } = scope
  const { heads, headSize } = sizes
  const { bias, causal = false, distance, cap, scale = 1 / Math.sqrt(headSize) } = options
  if (fusedAttention && distance === undefined && cap === undefined) {
    const absent = '' as Value
    return builder.node('MultiHeadAttention', [query, key, value, ...(bias ? [absent, absent, bias] : [])], {
      attributes: { num_heads: heads, unidirectional: causal ? 1 : 0, scale },
      fused: true,
    })
  }
  const split = (states: Value) => splitHeads(scope, states, sizes)
  return joinHeads(
    scope,
    attentionByHeads(
      scope,
      split(query),
      split(key),
      split(value),
      { heads, keyHeads: heads, headSize },
      options,
    ),
    sizes,
  )
}

/** Reshapes [b, n, heads * headSize] -> [b, heads, n, headSize]. */
export function splitHeads({ builder }: GraphScope, states: Value, { heads, headSize }: HeadSizes): Value {
  const shape = builder.constant('int64', [0, 0, heads, headSize])
  return builder.node('Transpose', [builder.node('Reshape', [states, shape])], {
    attributes: { perm: [0, 2, 1, 3] },
  })
}

/** Reshapes [b, heads, n, headSize] -> [b, n, heads * headSize]. */
export function joinHeads({ builder }: GraphScope, states: Value, { heads, headSize }: HeadSizes): Value {
  const transposed = builder.node('Transpose', [states], { attributes: { perm: [0, 2, 1, 3] } })
  return builder.node('Reshape', [transposed, builder.constant('int64', [0, 0, heads * headSize])])
}

/**
 * Writes attention over heads already split; several query heads in a row may share one key head (grouped queries,
 * Ainslie et al. 2023).
 *
 * @param query float [b, heads, n, headSize]
 * @param key float [b, keyHeads, n, headSize], as `value`
 * @returns float [b, heads, n, headSize]
 */
export function attentionByHeads(
  scope: GraphScope,
  query: Value,
  key: Value,
  value: Value,
  { heads, keyHeads, headSize }: HeadSizes & { readonly keyHeads: number },
  { bias, cap, scale = 1 / Math.sqrt(headSize), ...reach }: AttentionOptions = {},
): Value {
  const { builder } = scope
  const grouped = heads !== keyHeads
  const byGroup = (states: Value) =>
    grouped
      ? builder.node('Reshape', [
          states,
          builder.constant('int64', [0, keyHeads, heads / keyHeads, -1, headSize]),
        ])
      : states
  const shared = (states: Value) =>
    grouped ? builder.node('Unsqueeze', [states, builder.constant('int64', [2])]) : states

  const keysAsColumns = builder.node('Transpose', [key], { attributes: { perm: [0, 1, 3, 2] } })
  const products = builder.node('MatMul', [byGroup(query), shared(keysAsColumns)])
  const times = (value: Value, by: number) =>
    builder.node('Mul', [value, builder.constant('float', [by], [])])
  const whole = times(products, scale)
  const scaled = cap === undefined ? whole : times(builder.node('Tanh', [times(whole, 1 / cap)]), cap)
  const biasByGroup =
    bias && grouped
      ? builder.node('Reshape', [bias, builder.constant('int64', [1, keyHeads, heads / keyHeads, 1, -1])])
      : bias
  const added = [biasByGroup, attentionMask(scope, key, reach)].filter((value) => value !== undefined)
  const scores = added.reduce((sum, value) => builder.node('Add', [sum, value]), scaled)
  const weights = builder.node('Softmax', [scores], { attributes: { axis: -1 } })
  const context = builder.node('MatMul', [weights, shared(value)])
  if (!grouped) return context
  return builder.node('Reshape', [context, builder.constant('int64', [0, heads, -1, headSize])])
}

/**
 * Writes float [n, n]: 0 where the row's position may look at the column's, fp32's lowest value where not; undefined
 * where everything may be looked at.
 *
 * @param heads [b, heads, n, headSize]
 */
function attentionMask(
  { builder }: GraphScope,
  heads: Value,
  { causal = false, distance, first = false }: AttentionReach,
): Value | undefined {
  if (!causal && distance === undefined) return undefined
  return builder.once(`attention_mask.${causal}.${distance}.${first}`, () => {
    const ahead = relativePositionsOf(builder, heads, 2)
    const number = (value: number) => builder.constant('int64', [value], [])
    const barred: Value[] = []
    if (causal) barred.push(builder.node('Less', [ahead, number(0)]))
    if (distance !== undefined) {
      barred.push(builder.node('Greater', [builder.node('Abs', [ahead]), number(distance)]))
    }
    const beyond = barred.reduce((one, other) => builder.node('Or', [one, other]))
    const isLater = () => builder.node('Greater', [positionsOf(builder, heads, 2), number(0)])
    const hidden = first ? builder.node('And', [beyond, isLater()]) : beyond
    return builder.node('Where', [
      hidden,
      builder.constant('float', [LOWEST], []),
      builder.constant('float', [0], []),
    ])
  })
}
