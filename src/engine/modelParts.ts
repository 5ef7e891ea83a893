import { writeEncoderGraph } from '../onnx/encoderGraph'
import { writeWordTableGraph } from '../onnx/wordTableGraph'
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

/** Opens the encoder and the word table, each in a session of its own: the table may stand on another device. */
export async function openParts(
  runtime: Runtime,
  wordTableRuntime: Runtime,
  config: ModelConfig,
  checkpoint: Checkpoint,
): Promise<ModelParts> {
  const graph = writeEncoderGraph(config, checkpoint, runtime)
  const encoderSession = await runtime.open(graph.bytes, checkpoint)
  const tableSession = await wordTableRuntime.open(writeWordTableGraph(config, checkpoint), checkpoint)
  return {
    encoder: createEncoder(runtime, encoderSession, graph, config),
    wordTable: createWordTable(wordTableRuntime, tableSession, config),
    sessions: [encoderSession, tableSession],
  }
}
