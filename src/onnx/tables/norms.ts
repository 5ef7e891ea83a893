import type { GraphBuilder, Value } from '../builder/graphBuilder'

/** Least norm of a table row, so that a row of zeros is not divided by zero: its cosine is 0. */
const SMALLEST_NORM = 1e-12

/** Writes l2 norms over the last axis, which stays as an axis of one; at least `SMALLEST_NORM`. */
export function norms(builder: GraphBuilder, rows: Value): Value {
  const norm = builder.node('ReduceL2', [rows, builder.constant('int64', [-1])], {
    attributes: { keepdims: 1 },
  })
  return builder.node('Max', [norm, builder.constant('float', [SMALLEST_NORM], [])])
}

/** Writes rows of norm 1. */
export function normalised(builder: GraphBuilder, rows: Value): Value {
  return builder.node('Div', [rows, norms(builder, rows)])
}

/** Writes l1, l2 and linf over the last axis, side by side: [..., d] -> [..., 3]. */
export function threeNorms(builder: GraphBuilder, difference: Value, name?: string): Value {
  const last = builder.constant('int64', [-1])
  const keep = { attributes: { keepdims: 1 } }
  const parts = [
    builder.node('ReduceL1', [difference, last], keep),
    builder.node('ReduceL2', [difference, last], keep),
    builder.node('ReduceMax', [builder.node('Abs', [difference]), last], keep),
  ]
  return builder.node('Concat', parts, { attributes: { axis: -1 }, name })
}
