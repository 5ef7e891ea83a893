import { FailureError, fail } from '../../core/failure'
import { writeEmbeddingGraph } from '../../onnx/foreign/embeddingGraph'
import { type ExpectedSizes, type ForeignGraph, understandGraph } from '../../onnx/foreign/foreignGraph'
import type { OnnxFile } from '../../onnx/foreign/onnxFile'
import { writeProbeGraph } from '../../onnx/foreign/probeGraph'
import { type WordTableModel, wordTableModelOf } from '../../onnx/foreign/tableCheckpoint'
import { writeLearnedRankGraph } from '../../onnx/tables/learnedRankGraph'
import { writeRankGraph } from '../../onnx/tables/rankGraph'
import { writeTableNeighborGraph } from '../../onnx/tables/tableNeighborGraph'
import { writeTableRowGraph } from '../../onnx/tables/tableRowGraph'
import { writeWordTableGraph } from '../../onnx/tables/wordTableGraph'
import type { Checkpoint } from '../../weights/checkpoint'
import { createEncoder } from '../forward/encoder'
import type { Runtime, Session } from '../forward/runtime'
import { type ModelParts, openedOnce } from '../modelParts'
import { createLearnedTable } from '../vocabulary/learnedTable'
import { createRankTable } from '../vocabulary/rankTable'
import { createTableNeighborFinder } from '../vocabulary/tableNeighbors'
import { createWordTable } from '../vocabulary/wordTable'
import { createEmbeddings } from './foreignEmbeddings'
import { verifyForeign } from './foreignVerification'

/** Holds what `config.json`, where there is one, says of the model. */
export interface ForeignSettings extends ExpectedSizes {
  /** The longest text in tokens. */
  readonly maxPositions: number
  /** Labels of a classifier, by id. */
  readonly labels?: readonly string[]
}

/** Holds an ONNX file of any exporter, open and verified. */
export interface ForeignModel {
  readonly graph: ForeignGraph
  /** true if a change reaches only later positions. */
  readonly causal: boolean
  readonly parts: ModelParts
}

/**
 * Opens an ONNX file of any exporter: finds its hidden states, opens it with the measures built in, and verifies by
 * running it that they are what they were taken for.
 *
 * @throws FailureError with the reason where the file is not understood or does not behave as it should
 */
export async function openForeignModel(
  runtime: Runtime,
  wordTableRuntime: Runtime,
  file: OnnxFile,
  settings: ForeignSettings,
): Promise<ForeignModel> {
  const { layers, width, vocabularySize, paddingIdx } = settings
  const graph = understandGraph(file, { layers, width, vocabularySize, paddingIdx })
  const probe = writeProbeGraph(graph, settings.labels)
  const checkpoint: Checkpoint = { files: file.files, tensors: new Map() }
  const sessions: Session[] = []
  const open = async (on: Runtime, bytes: Uint8Array, weights: Checkpoint) => {
    const session = await on.open(bytes, weights).catch((thrown) => refused(file.name, 'open', thrown))
    sessions.push(session)
    return session
  }
  const release = async () => {
    for (const session of sessions.splice(0)) await session.release()
  }
  try {
    const session = await open(runtime, probe.bytes, checkpoint)
    const { causal } = await verifyForeign(runtime, session, graph).catch((thrown) =>
      refused(file.name, 'run', thrown),
    )
    const table = await wordTableModelOf(graph, settings.maxPositions)
    const openTable = (write: typeof writeWordTableGraph) =>
      open(wordTableRuntime, write(table.config, table.checkpoint, table.transformerOf), table.checkpoint)
    const tableSession = await openTable(writeWordTableGraph)
    const embeddingSession = await open(wordTableRuntime, writeEmbeddingGraph(graph), checkpoint)
    const embeddings = createEmbeddings(wordTableRuntime, embeddingSession, graph)
    const rows = createWordTable(wordTableRuntime, tableSession, table.config)
    return {
      graph,
      causal,
      parts: {
        head: probe.hasTokenLogits && causal ? 'causal-lm' : probe.head,
        labels: probe.labels,
        applied: graph.head.kind === 'classification' ? graph.head.applied : null,
        encoder: createEncoder(runtime, session, probe, { ...table.config, width: graph.width }),
        wordTable: {
          async candidates(places, k, also) {
            return embeddings.withShifts(places, await rows.candidates(places, k, also))
          },
          async closest(states, k) {
            requireReading(graph, table)
            return rows.closest(states, k)
          },
        },
        uncounted: embeddings.uncounted,
        shiftTable: async () => embeddings,
        rankTable: openedOnce(async () => {
          requireReading(graph, table)
          return createRankTable(wordTableRuntime, await openTable(writeRankGraph), table.config)
        }),
        learnedTable: openedOnce(async () => {
          requireReading(graph, table)
          return createLearnedTable(
            wordTableRuntime,
            await openTable(writeLearnedRankGraph),
            await openTable(writeTableRowGraph),
            table.config,
          )
        }),
        tableNeighbors: openedOnce(async () =>
          createTableNeighborFinder(wordTableRuntime, await openTable(writeTableNeighborGraph), table.config),
        ),
        release,
      },
    }
  } catch (thrown) {
    await release()
    throw thrown
  }
}

/** Requires that hidden states can be compared with rows of the table, or with rows after the file's own projection. */
function requireReading({ width, tableWidth, file }: ForeignGraph, { reads }: WordTableModel): void {
  if (reads) return
  fail(
    'unsupported-model',
    `${file.name} takes rows of ${tableWidth} numbers to hidden states of ${width} by something else than one linear ` +
      'layer in fp32 or fp16, so that which tokens are closest to a hidden state is not found.',
    { advice: 'Open the weights as safetensors instead, where the model has them.' },
  )
}

/** Throws the runtime's own errors as a failure. */
function refused(name: string, doing: 'open' | 'run', thrown: unknown): never {
  if (thrown instanceof FailureError) throw thrown
  const [reason] = (thrown instanceof Error ? thrown.message : String(thrown)).split('\n')
  fail('unsupported-model', `The runtime cannot ${doing} ${name}: ${reason.slice(0, 300)}`, {
    advice: 'Open the weights as safetensors instead, where the model has them.',
  })
}
