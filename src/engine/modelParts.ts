import { writeModelGraph } from '../onnx/modelGraph'
import type { Checkpoint } from '../weights/checkpoint'
import type { ModelConfig } from '../weights/modelConfig'
import { createEncoder, type Encoder } from './encoder'
import type { Runtime, Session } from './runtime'
import { createWordTable, type WordTable } from './wordTable'

export interface ModelParts {
  readonly encoder: Encoder
  readonly wordTable: WordTable
  readonly sessions: readonly Session[]
}

/** Opens the encoder and the word table. */
export async function openParts(
  runtime: Runtime,
  wordTableRuntime: Runtime,
  config: ModelConfig,
  checkpoint: Checkpoint,
): Promise<ModelParts> {
  const graph = writeModelGraph(config, checkpoint, ['encoder'])
  if (!graph.encoder) throw new TypeError('the graph was written without its encoder')
  const encoderSession = await runtime.open(graph.bytes, checkpoint)
  const tableGraph = writeModelGraph(config, checkpoint, ['wordTable'])
  const tableSession = await wordTableRuntime.open(tableGraph.bytes, checkpoint)
  return {
    encoder: createEncoder(runtime, encoderSession, graph.encoder, config, {}),
    wordTable: createWordTable(wordTableRuntime, tableSession, config, {}),
    sessions: [encoderSession, tableSession],
  }
}
