import type { GraphBuilder, Value } from '../builder/graphBuilder'

/**
 * Returns int64 [n]: 0, 1, ..., n - 1. Written once in a graph: all its sequences have one length.
 *
 * @param axis of `states` that counts the positions
 */
export function positionsOf(builder: GraphBuilder, states: Value, axis = 1): Value {
  return builder.once('positions', () => {
    const scalar = (value: number) => builder.constant('int64', [value], [])
    const length = builder.node('Gather', [builder.node('Shape', [states]), scalar(axis)])
    return builder.node('Range', [scalar(0), length, scalar(1)])
  })
}

/**
 * Returns where each token stands as RoBERTa counts: int64 [b, n] from 0, -1 at padding, which is not counted.
 *
 * @param inputIds int64 [b, n]
 * @param paddingIdx id of the token that is not counted; transformers' `create_position_ids_from_input_ids`
 */
export function countedPositionsOf(builder: GraphBuilder, inputIds: Value, paddingIdx: number): Value {
  const scalar = (value: number) => builder.constant('int64', [value], [])
  const isPadding = builder.node('Equal', [inputIds, scalar(paddingIdx)])
  const counted = builder.node('Cast', [builder.node('Not', [isPadding])], { attributes: { to: 7 } })
  const counts = builder.node('CumSum', [counted, scalar(1)])
  return builder.node('Sub', [builder.node('Mul', [counts, counted]), scalar(1)])
}

/** Returns int64 [n, n]: i - j for the position i that looks (row) and the position j that is looked at (column). */
export function relativePositionsOf(builder: GraphBuilder, states: Value, axis = 1): Value {
  return builder.once('relative_positions', () => {
    const positions = positionsOf(builder, states, axis)
    const along = (at: number) => builder.node('Unsqueeze', [positions, builder.constant('int64', [at])])
    return builder.node('Sub', [along(1), along(0)])
  })
}

/**
 * Returns int64 [n, n]: a whole number for each pair of positions that depends on i - j alone, looked up in a table of all
 * there can be, so that the runtime computes no logarithm.
 *
 * @param maxPositions longest sequence
 */
export function lookUpRelative(
  builder: GraphBuilder,
  states: Value,
  maxPositions: number,
  numberOf: (ahead: number) => number,
): Value {
  const farthest = maxPositions - 1
  const values = Array.from({ length: 2 * farthest + 1 }, (_, i) => numberOf(i - farthest))
  const table = builder.constant('int64', values, [values.length], 'relative_position_table')
  const rows = builder.node('Add', [
    relativePositionsOf(builder, states),
    builder.constant('int64', [farthest], []),
  ])
  return builder.node('Gather', [table, rows])
}
