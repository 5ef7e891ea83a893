import type { GraphBuilder, Value } from '../builder/graphBuilder'
import type { RowBlock } from '../builder/parameters'

/** Holds rows of the table with their scores, float [rows, q]: a larger one is better. */
export interface ScoredBlock extends Pick<RowBlock, 'first' | 'count'> {
  readonly scores: Value
}

/**
 * Writes the k best rows for each query: the best of each block, then the best of those, so that the scores of the whole
 * table are never in memory at once. Exact: every row is compared.
 *
 * @param k int64 [1]
 * @param names of the outputs
 * @returns float [q, k] best first, and int64 [q, k]; of equal scores the lower id first
 */
export function bestRows(
  builder: GraphBuilder,
  blocks: readonly ScoredBlock[],
  k: Value,
  [scoresName, idsName]: readonly [scores: string, ids: string],
): { readonly scores: Value; readonly ids: Value } {
  const alongRows = { attributes: { axis: 1 } }
  const best = blocks.map(({ scores, first, count }) => {
    const atMost = builder.node('Min', [k, builder.constant('int64', [count])])
    const [values, rows] = builder.nodes('TopK', [builder.node('Transpose', [scores]), atMost], 2, alongRows)
    return { values, ids: builder.node('Add', [rows, builder.constant('int64', [first])]) }
  })
  const together = (values: readonly Value[]) => builder.node('Concat', values, alongRows)
  const [scores, places] = builder.nodes('TopK', [together(best.map(({ values }) => values)), k], 2, {
    ...alongRows,
    name: scoresName,
  })
  const ids = builder.node('GatherElements', [together(best.map(({ ids }) => ids)), places], {
    ...alongRows,
    name: idsName,
  })
  return { scores, ids }
}
