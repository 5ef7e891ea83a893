import type { PredictionKind } from '../core/measures/prediction'
import { writeEncoderGraph } from '../onnx/encoderGraph'
import { writeLearnedRankGraph } from '../onnx/tables/learnedRankGraph'
import { writeRankGraph } from '../onnx/tables/rankGraph'
import { writeShiftGraph } from '../onnx/tables/shiftGraph'
import { writeTableNeighborGraph } from '../onnx/tables/tableNeighborGraph'
import { writeTableRowGraph } from '../onnx/tables/tableRowGraph'
import { writeWordTableGraph } from '../onnx/tables/wordTableGraph'
import type { Checkpoint } from '../weights/checkpoint'
import type { HeadKind, ModelConfig } from '../weights/modelConfig'
import { createEncoder, type Encoder } from './forward/encoder'
import type { Runtime, Session } from './forward/runtime'
import { createLearnedTable, type LearnedTable } from './vocabulary/learnedTable'
import { createRankTable, type RankTable } from './vocabulary/rankTable'
import { createShiftTable, type ShiftTable } from './vocabulary/shiftTable'
import { createTableNeighborFinder, type TableNeighborFinder } from './vocabulary/tableNeighbors'
import { createWordTable, type WordTable } from './vocabulary/wordTable'

export interface ModelParts {
  readonly head: HeadKind
  /** Names of the classifier's outputs by id; empty without a classifier. */
  readonly labels: readonly string[]
  /** Function that the file itself applies to a classifier's logits, which are read before it; none if absent. */
  readonly applied?: PredictionKind | null
  readonly encoder: Encoder
  readonly wordTable: WordTable
  /** Returns those of these tokens that positions leave out, where the model counts them from the ids: RoBERTa's padding. */
  uncounted(tokenIds: readonly number[]): Promise<ReadonlySet<number>>
  /** Opens the shift table when first asked for; runs over a corpus need it, as they do the rank table, and padding. */
  shiftTable(): Promise<ShiftTable>
  rankTable(): Promise<RankTable>
  /** Opens what finds the nearest rows of the table's own, for its geometry, when first asked for. */
  tableNeighbors(): Promise<TableNeighborFinder>
  /** Opens what ranks tokens by learned maps when first asked for. */
  learnedTable(): Promise<LearnedTable>
  release(): Promise<void>
}

/** Opens the encoder and the word table, each in a session of its own: the table may be on another device. */
export async function openParts(
  runtime: Runtime,
  wordTableRuntime: Runtime,
  config: ModelConfig,
  checkpoint: Checkpoint,
): Promise<ModelParts> {
  const graph = writeEncoderGraph(config, checkpoint, runtime)
  const encoderSession = await runtime.open(graph.bytes, checkpoint)
  const tableSession = await wordTableRuntime.open(writeWordTableGraph(config, checkpoint), checkpoint)
  const uncounted = new Set(config.paddingIdx === undefined ? [] : [config.paddingIdx])
  const later: Promise<Session>[] = []
  const openLater = <T>(graph: () => Uint8Array, create: (session: Session) => T | Promise<T>) =>
    openedOnce(async () => {
      const session = wordTableRuntime.open(graph(), checkpoint)
      later.push(session)
      return create(await session)
    })
  return {
    head: graph.head,
    labels: graph.labels,
    encoder: createEncoder(runtime, encoderSession, graph, config),
    wordTable: createWordTable(wordTableRuntime, tableSession, config),
    uncounted: async () => uncounted,
    shiftTable: openLater(
      () => writeShiftGraph(config, checkpoint),
      (session) => createShiftTable(wordTableRuntime, session, uncounted),
    ),
    rankTable: openLater(
      () => writeRankGraph(config, checkpoint),
      (session) => createRankTable(wordTableRuntime, session, config),
    ),
    learnedTable: openLater(
      () => writeLearnedRankGraph(config, checkpoint),
      async (session) => {
        const rows = wordTableRuntime.open(writeTableRowGraph(config, checkpoint), checkpoint)
        later.push(rows)
        return createLearnedTable(wordTableRuntime, session, await rows, config)
      },
    ),
    tableNeighbors: openLater(
      () => writeTableNeighborGraph(config, checkpoint),
      (session) => createTableNeighborFinder(wordTableRuntime, session, config),
    ),
    release: async () => {
      const opened = await Promise.allSettled(later)
      await encoderSession.release()
      await tableSession.release()
      for (const result of opened) if (result.status === 'fulfilled') await result.value.release()
    },
  }
}

/**
 * Returns a function that opens something the first time it is called; a failure is forgotten, so that the next call
 * tries again.
 */
export function openedOnce<T>(open: () => Promise<T>): () => Promise<T> {
  let opened: Promise<T> | null = null
  return () => {
    opened ??= open().catch((thrown: unknown) => {
      opened = null
      throw thrown
    })
    return opened
  }
}
