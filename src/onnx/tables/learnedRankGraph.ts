import type { Checkpoint } from '../../weights/checkpoint'
import type { ModelConfig } from '../../weights/modelConfig'
import { GraphBuilder, type Value } from '../builder/graphBuilder'
import { transformerOf } from '../families'
import type { TransformerOf } from '../families/transformer'
import { norms } from './norms'
import { targetRanks } from './targetRanks'

/**
 * Writes two ranks of a token among all of the vocabulary (measures.md: learned identifiability): by the l2 distance of its
 * row from a hidden state, and by the cosine of its row with what a map makes of that state.
 *
 * Inputs: `states` float [q, d]; `mapped` float [q, tableWidth]; `target_ids` int64 [q]. Outputs: `l2_ranks` and
 * `learned_ranks` int64 [q], 1 the closest. A hidden state is compared with P W_v + b where the family has such a
 * projection, a mapped one with W_v.
 *
 * @param familyOf what reads the table, where that is not the family that config names
 */
export function writeLearnedRankGraph(
  config: ModelConfig,
  checkpoint: Checkpoint,
  familyOf: TransformerOf = transformerOf,
): Uint8Array {
  const builder = new GraphBuilder()
  const transformer = familyOf(builder, config, checkpoint)
  const states = builder.input('states', 'float', ['states', config.width])
  const mapped = builder.input('mapped', 'float', ['states', transformer.tableWidth])
  const targetIds = builder.input('target_ids', 'int64', ['states'])
  const twice = builder.constant('float', [2], [])
  const product = (rows: Value, queries: Value) =>
    builder.node('Gemm', [rows, queries], { attributes: { transB: 1 } })
  const projection = transformer.tableProjection()
  const projected = (rows: Value) =>
    projection
      ? builder.node('Gemm', [rows, projection.weight, projection.bias], { attributes: { transB: 1 } })
      : rows

  const blocks = transformer.wordTableBlocks().map(({ value, first, count }) => {
    const rows = projected(value)
    const rowNorms = norms(builder, rows)
    return {
      first,
      count,
      // -|w - h|^2 without |h|^2, which does not change the order.
      l2: builder.node('Sub', [
        builder.node('Mul', [product(rows, states), twice]),
        builder.node('Mul', [rowNorms, rowNorms]),
      ]),
      cosine: builder.node('Div', [product(value, mapped), norms(builder, value)]),
    }
  })
  const ranked = (score: 'l2' | 'cosine', name: string) => {
    const scored = blocks.map(({ first, count, ...scores }) => ({ first, count, scores: scores[score] }))
    builder.output(targetRanks(builder, scored, targetIds, name), 'int64', ['states'])
  }
  ranked('l2', 'l2_ranks')
  ranked('cosine', 'learned_ranks')
  return builder.build()
}
