import type { GraphBuilder, Value } from '../builder/graphBuilder'
import type { ScoredBlock } from './bestRows'

/**
 * Writes the rank of a row of the table for each query, int64 [q]: 1 + the number of rows whose score is larger.
 *
 * @param targetIds int64 [q]
 * @param name of the output
 */
export function targetRanks(
  builder: GraphBuilder,
  blocks: readonly ScoredBlock[],
  targetIds: Value,
  name: string,
): Value {
  const targets = builder.node('Unsqueeze', [targetIds, builder.constant('int64', [1])])
  const zero = builder.constant('int64', [0], [])
  const turned = blocks.map(({ scores, ...block }) => ({
    ...block,
    scores: builder.node('Transpose', [scores]),
  }))

  // The target's own score is taken from the same product, so that it is not larger than itself by rounding.
  const own = turned.map(({ scores, first, count }) => {
    const last = builder.constant('int64', [count - 1], [])
    const place = builder.node('Sub', [targets, builder.constant('int64', [first], [])])
    const within = builder.node('Min', [builder.node('Max', [place, zero]), last])
    const isHere = builder.node('Equal', [place, within])
    const score = builder.node('GatherElements', [scores, within], { attributes: { axis: 1 } })
    return builder.node('Where', [isHere, score, builder.constant('float', [0], [])])
  })
  const ownScore = own.reduce((sum, score) => builder.node('Add', [sum, score]))

  const larger = turned.map(({ scores }) => {
    const isLarger = builder.node('Cast', [builder.node('Greater', [scores, ownScore])], {
      attributes: { to: 1 },
    })
    return builder.node('ReduceSum', [isLarger, builder.constant('int64', [1])], {
      attributes: { keepdims: 0 },
    })
  })
  // Counts stay far below 2^24, where float still holds every whole number.
  const count = larger.reduce((sum, value) => builder.node('Add', [sum, value]))
  const rank = builder.node('Add', [count, builder.constant('float', [1], [])])
  return builder.node('Cast', [rank], { attributes: { to: 7 }, name })
}
