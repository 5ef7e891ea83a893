import { TABLE_MEASURES, type TableMeasure } from '../../core/measures/tableGeometry'
import type { Checkpoint } from '../../weights/checkpoint'
import type { ModelConfig } from '../../weights/modelConfig'
import { GraphBuilder, type Value } from '../builder/graphBuilder'
import { transformerOf } from '../families'
import type { TransformerOf } from '../families/transformer'
import { bestRows } from './bestRows'
import { norms } from './norms'

/**
 * Writes which rows of the word table are nearest to some of its own, by cosine, l2 and dot product, in the table's own
 * width, with the rows themselves.
 *
 * Inputs: `token_ids` int64 [t]; `penalties` float [V, 1], added to every score: a large negative one leaves a row out; `k`
 * int64 [1]. Outputs: `cosine_ids`, `l2_ids`, `dot_ids` int64 [t, k], best first, the token itself not excluded; `rows`
 * float [t, 1 + 3 k, tableWidth]: the token's own, then those of the three in this order.
 *
 * @param familyOf what reads the table, where that is not the family that config names
 */
export function writeTableNeighborGraph(
  config: ModelConfig,
  checkpoint: Checkpoint,
  familyOf: TransformerOf = transformerOf,
): Uint8Array {
  const builder = new GraphBuilder()
  const transformer = familyOf(builder, config, checkpoint)
  const tokenIds = builder.input('token_ids', 'int64', ['tokens'])
  const penalties = builder.input('penalties', 'float', ['vocabulary', 1])
  const k = builder.input('k', 'int64', [1])
  const tokenRows = transformer.wordRows(tokenIds)

  const blocks = transformer.wordTableBlocks().map(({ value, first, count }) => {
    const ends = [first, first + count].map((end) => builder.constant('int64', [end]))
    const penalty = builder.node('Slice', [penalties, ...ends, builder.constant('int64', [0])])
    const products = builder.node('Gemm', [value, tokenRows], { attributes: { transB: 1 } })
    const rowNorms = norms(builder, value)
    // |w - q|^2 without |q|^2, and the cosine without |q|: neither changes the order.
    const twice = builder.node('Mul', [products, builder.constant('float', [2], [])])
    const scores: Readonly<Record<TableMeasure, Value>> = {
      cosine: builder.node('Div', [products, rowNorms]),
      l2: builder.node('Sub', [twice, builder.node('Mul', [rowNorms, rowNorms])]),
      dot: products,
    }
    const penalised = (measure: TableMeasure) => builder.node('Add', [scores[measure], penalty])
    return { first, count, penalised }
  })
  const found = TABLE_MEASURES.map((measure) => {
    const scored = blocks.map(({ first, count, penalised }) => ({
      first,
      count,
      scores: penalised(measure),
    }))
    const { ids } = bestRows(builder, scored, k, [`${measure}_scores`, `${measure}_ids`])
    builder.output(ids, 'int64', ['tokens', 'k'])
    return ids
  })
  const own = builder.node('Unsqueeze', [tokenIds, builder.constant('int64', [1])])
  const wanted = builder.node('Concat', [own, ...found], { attributes: { axis: 1 } })
  builder.output(builder.node('Identity', [transformer.wordRows(wanted)], { name: 'rows' }), 'float', [
    'tokens',
    'candidates',
    transformer.tableWidth,
  ])
  return builder.build()
}
