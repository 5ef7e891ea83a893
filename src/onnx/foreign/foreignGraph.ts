import { fail } from '../../core/failure'
import { TensorProto_DataType } from '../schema/onnx_pb'
import { type Lookup, wordLookup } from './embeddingSource'
import { type Fitness, fitnessOf } from './fitness'
import { GraphIndex } from './graphIndex'
import { type ForeignHead, headOf } from './head'
import { type GraphInput, inputRolesOf } from './inputRoles'
import type { OnnxFile } from './onnxFile'
import { unread } from './refusals'
import { findResidualStream, type ResidualStream } from './residualStream'

/** Holds the sizes that `config.json` states; absent ones are not compared. */
export interface ExpectedSizes {
  /** Id of the token that positions leave out, where the family counts them from the ids; not compared. */
  readonly paddingIdx?: number
  readonly layers?: number
  readonly width?: number
  readonly vocabularySize?: number
}

/** Holds an ONNX file of any exporter with its parts identified. */
export interface ForeignGraph {
  readonly file: OnnxFile
  readonly index: GraphIndex
  readonly inputs: readonly GraphInput[]
  readonly words: Lookup
  readonly stream: ResidualStream
  readonly head: ForeignHead
  readonly fitness: Fitness
  /** L */
  readonly layers: number
  /** d */
  readonly width: number
  /** V, rows of the word table. */
  readonly vocabularySize: number
  /** Columns of the word table. */
  readonly tableWidth: number
  /** Id of the token that positions leave out, where they are fed and counted from the ids. */
  readonly paddingIdx?: number
}

/**
 * Understands a file by its structure. What is found is verified by running it (engine/foreign/foreignModel).
 *
 * @throws FailureError `unsupported-model` with the reason where something is not understood, does not agree with
 *   config.json, or is unfit for measuring
 */
export function understandGraph(
  file: OnnxFile,
  { paddingIdx, ...expected }: ExpectedSizes = {},
): ForeignGraph {
  const index = new GraphIndex(file)
  const fitness = fitnessOf(index)
  if (!fitness.fit) {
    fail('unsupported-model', `${file.name} cannot be measured. ${fitness.reason}`, {
      advice: 'Use a file with fp32 computation: model.onnx, or the safetensors.',
    })
  }
  const words = wordLookup(index)
  const stream = findResidualStream(index, words.rows)
  const inputs = inputRolesOf(index, words)
  const [vocabularySize, tableWidth] = words.table.dims.map(Number)
  const layers = stream.hiddenStates.length - 1
  const width = widthOf(index, stream) ?? expected.width ?? tableWidth
  const found = { layers, width, vocabularySize }
  for (const [name, size] of Object.entries(expected) as [keyof typeof found, number | undefined][]) {
    if (size !== undefined && size !== found[name]) {
      fail('unsupported-model', `${file.name} has ${NAMES[name]} ${found[name]}; config.json says ${size}.`, {
        advice: 'Check that config.json and the ONNX file belong together.',
      })
    }
  }
  for (const state of stream.hiddenStates) {
    const type = index.typeOf(state)
    if (type !== TensorProto_DataType.FLOAT && type !== TensorProto_DataType.UNDEFINED) {
      unread(`The hidden states of ${file.name} are of ONNX's type ${type}, not 32-bit floats.`)
    }
  }
  const head = headOf(index, stream, width, vocabularySize)
  return { file, index, inputs, words, stream, head, fitness, ...found, tableWidth, paddingIdx }
}

const NAMES: Readonly<Record<keyof Omit<ExpectedSizes, 'paddingIdx'>, string>> = {
  layers: 'a number of layers of',
  width: 'a width of',
  vocabularySize: 'a vocabulary of',
}

/** Returns d, by the scale or bias of the norm that gives h_L; undefined where that norm has none. */
function widthOf(graph: GraphIndex, { hiddenStates }: ResidualStream): number | undefined {
  const last = hiddenStates[hiddenStates.length - 1]
  const vectors = (graph.producerOf(last)?.input ?? [])
    .map((input) => {
      const node = graph.producerOf(input)
      return graph.initializers.get(node?.opType === 'Cast' ? node.input[0] : input)
    })
    .filter((tensor) => tensor?.dims.length === 1)
  return vectors[0] && Number(vectors[0].dims[0])
}
