import type { Checkpoint } from '../../weights/checkpoint'
import type { ModelConfig } from '../../weights/modelConfig'
import { GraphBuilder } from '../builder/graphBuilder'
import { transformerOf } from '../families'
import type { TransformerOf } from '../families/transformer'

/**
 * Writes rows of the word table. Input: `row_ids` int64 [t]. Output: `rows` float [t, tableWidth].
 *
 * @param familyOf what reads the table, where that is not the family that config names
 */
export function writeTableRowGraph(
  config: ModelConfig,
  checkpoint: Checkpoint,
  familyOf: TransformerOf = transformerOf,
): Uint8Array {
  const builder = new GraphBuilder()
  const transformer = familyOf(builder, config, checkpoint)
  const rows = transformer.wordRows(builder.input('row_ids', 'int64', ['tokens']))
  builder.output(builder.node('Identity', [rows], { name: 'rows' }), 'float', [
    'tokens',
    transformer.tableWidth,
  ])
  return builder.build()
}
