import type { Checkpoint } from '../weights/checkpoint'
import type { ModelConfig } from '../weights/modelConfig'
import { addEncoder, type EncoderOutputs } from './encoderPart'
import { GraphBuilder } from './graphBuilder'
import { transformerOf } from './transformer'
import { addWordTable } from './wordTablePart'

export type GraphPart = 'encoder' | 'wordTable'

export interface ModelGraph {
  readonly bytes: Uint8Array
  /** null where the encoder is not part of the graph. */
  readonly encoder: EncoderOutputs | null
}

/**
 * Writes the parts of a model that one session is to run, over its weights file.
 *
 * Parts in one graph share the word table in memory. The runtime computes all of a graph whatever is fetched, so a part
 * that is not wanted in a run is fed sequences of no rows, on which no time is spent.
 *
 * @throws FailureError `unsupported-model` where config and weights do not belong together
 */
export function writeModelGraph(
  config: ModelConfig,
  checkpoint: Checkpoint,
  parts: readonly GraphPart[],
): ModelGraph {
  const builder = new GraphBuilder()
  const transformer = transformerOf(builder, config, checkpoint)
  const encoder = parts.includes('encoder') ? addEncoder(builder, transformer, config) : null
  if (parts.includes('wordTable')) addWordTable(builder, transformer, config)
  return { bytes: builder.build(), encoder }
}
