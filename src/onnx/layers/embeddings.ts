import type { Value } from '../builder/graphBuilder'
import type { GraphScope } from '../builder/graphScope'
import { layerNorm } from './normalization'

interface EmbeddingTables {
  /** `bert.embeddings`; under it `position_embeddings`, `token_type_embeddings` and `LayerNorm`. */
  readonly name: string
  readonly width: number
  readonly normEpsilon: number
  /** Longest sequence; 0 where no absolute positions are added. */
  readonly maxPositions: number
  /** Row of the position table for the first position. */
  readonly positionOffset?: number
  /** Rows of the type table; 0 where there is none. */
  readonly typeCount?: number
  /** Rows of ERNIE's table of tasks, of which the first is used; 0 where there is none. */
  readonly taskCount?: number
}

/**
 * Writes LayerNorm(word + type 0 + position), the embeddings of BERT and encoders of its pattern.
 *
 * @param words rows of the word table, float [..., n, width]
 * @param positionIds int64 from 0, -1 at padding that is not counted, broadcast against n
 */
export function bertEmbeddings(
  { builder, parameters, ...rest }: GraphScope,
  tables: EmbeddingTables,
  words: Value,
  positionIds: Value,
  outputName?: string,
): Value {
  const { name, width, normEpsilon, maxPositions, positionOffset = 0, typeCount = 0, taskCount = 0 } = tables
  const rows = (table: string, count: number, indices: Value) =>
    parameters.rows(`${name}.${table}.weight`, [count, width], indices)
  const first = builder.constant('int64', [0], [])
  let sum = words
  if (typeCount > 0) sum = builder.node('Add', [sum, rows('token_type_embeddings', typeCount, first)])
  if (maxPositions > 0) {
    const places =
      positionOffset > 0
        ? builder.node('Add', [positionIds, builder.constant('int64', [positionOffset], [])])
        : positionIds
    sum = builder.node('Add', [sum, rows('position_embeddings', maxPositions + positionOffset, places)])
  }
  if (taskCount > 0) sum = builder.node('Add', [sum, rows('task_type_embeddings', taskCount, first)])
  const scope = { builder, parameters, ...rest }
  return layerNorm(scope, sum, `${name}.LayerNorm`, width, normEpsilon, { outputName })
}
