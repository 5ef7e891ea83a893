import type { Checkpoint } from '../../weights/checkpoint'
import type { ModelConfig } from '../../weights/modelConfig'
import { GraphBuilder } from '../builder/graphBuilder'
import { transformerOf } from '../families'
import { threeNorms } from './norms'

/**
 * Writes how far each row of h_0 moves from one sequence to another: the embedding layer, without the encoder.
 *
 * Inputs: `input_ids`, `substitute_ids`, and the positions of each, `position_ids`, `substitute_position_ids`, int64 [n].
 * Output: `shifts` float [n, 3], l1, l2, linf of the rows of h_0(x) - h_0(x').
 */
export function writeShiftGraph(config: ModelConfig, checkpoint: Checkpoint): Uint8Array {
  const builder = new GraphBuilder()
  const transformer = transformerOf(builder, config, checkpoint)
  const inputIds = builder.input('input_ids', 'int64', ['sequence'])
  const substituteIds = builder.input('substitute_ids', 'int64', ['sequence'])
  const positionIds = builder.input('position_ids', 'int64', ['sequence'])
  const substitutePositionIds = builder.input('substitute_position_ids', 'int64', ['sequence'])
  const difference = builder.node('Sub', [
    transformer.embeddings(substituteIds, substitutePositionIds),
    transformer.embeddings(inputIds, positionIds),
  ])
  builder.output(threeNorms(builder, difference, 'shifts'), 'float', ['sequence', 3])
  return builder.build()
}
