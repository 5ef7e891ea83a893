import type { Checkpoint } from '../../weights/checkpoint'
import type { ModelConfig } from '../../weights/modelConfig'
import { GraphBuilder } from '../builder/graphBuilder'
import { transformerOf } from '../families'
import type { TransformerOf } from '../families/transformer'
import { readingCosines } from './tableCosines'
import { targetRanks } from './targetRanks'

/**
 * Writes the rank of a token among all of the vocabulary by cosine with a hidden state (measures.md: identifiability).
 *
 * Inputs: `states` float [q, d]; `target_ids` int64 [q]. Output: `ranks` int64 [q], 1 + the number of rows of the table
 * whose cosine is larger than the target's own. The state's own norm does not change the order, so it is left out.
 *
 * @param familyOf what reads the table, where that is not the family that config names
 */
export function writeRankGraph(
  config: ModelConfig,
  checkpoint: Checkpoint,
  familyOf: TransformerOf = transformerOf,
): Uint8Array {
  const builder = new GraphBuilder()
  const transformer = familyOf(builder, config, checkpoint)
  const states = builder.input('states', 'float', ['states', config.width])
  const targetIds = builder.input('target_ids', 'int64', ['states'])
  const cosinesOf = readingCosines(builder, transformer, states)
  const blocks = transformer.wordTableBlocks().map(({ value, first, count }) => ({
    scores: cosinesOf(value),
    first,
    count,
  }))

  builder.output(targetRanks(builder, blocks, targetIds, 'ranks'), 'int64', ['states'])
  return builder.build()
}
