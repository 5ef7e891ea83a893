import { create, fromBinary } from '@bufbuild/protobuf'
import type { WeightsFile } from '../../weights/checkpoint'
import { type GraphProto, type ModelProto, ModelProtoSchema, TensorProtoSchema } from '../schema/onnx_pb'
import { chooseBranches, renamed } from './branches'
import { damaged, unread } from './refusals'
import { skimModel } from './skim'
import { graphsWithin, tensorsOf } from './subgraphs'
import { checkTensor } from './tensorData'

const MAX_NODES = 50_000

/** Holds an ONNX file as it was found: its graph, and the places of its tensors. */
export interface OnnxFile {
  /** Name of the ONNX file itself. */
  readonly name: string
  /** The file itself, and those that hold its tensors. */
  readonly files: readonly WeightsFile[]
  /**
   * Model whose large tensors are external data; weights in `Constant` nodes are among the initializers, and weights
   * that several parts share have one name.
   */
  readonly model: ModelProto
  readonly graph: GraphProto
  /** Version of ONNX's own operators. */
  readonly opset: number
}

/**
 * Reads the graph of an ONNX file without its weights.
 *
 * @param companions files of external data, by the name that the graph gives them
 * @throws FailureError `damaged-file`, `missing-file`, `unsupported-model`
 */
export async function readOnnxFile(
  file: WeightsFile,
  companions: readonly WeightsFile[] = [],
): Promise<OnnxFile> {
  const model = decode(await skimModel(file), file.name)
  const { graph } = model
  if (!graph || graph.node.length === 0) damaged(`${file.name} holds no graph.`)
  if (graph.sparseInitializer.length > 0) {
    unread(`${file.name} holds sparse tensors, which are not read.`)
  }
  const opset = Number(
    model.opsetImport.find(({ domain }) => domain === '' || domain === 'ai.onnx')?.version ?? 0,
  )
  if (opset < 7) unread(`${file.name} is of ONNX opset ${opset}; 7 and later are read.`)
  const files = [file, ...companions]
  const byName = new Map(files.map((one) => [one.name, one]))
  for (const tensor of tensorsOf(model)) checkTensor(tensor, byName)
  chooseBranches(graph)
  constantsToInitializers(graph)
  copiesToOriginals(graph)
  const nodes = graph.node.reduce(
    (sum, node) => sum + 1 + graphsWithin(node).reduce((inner, { node }) => inner + node.length, 0),
    0,
  )
  if (nodes > MAX_NODES) unread(`${file.name} has ${nodes} nodes; up to ${MAX_NODES} are read.`)
  return { name: file.name, files, model, graph, opset }
}

function decode(bytes: Uint8Array, name: string): ModelProto {
  try {
    return fromBinary(ModelProtoSchema, bytes)
  } catch {
    return damaged(`${name} is not an ONNX file, or is damaged.`)
  }
}

/** Moves weights that an exporter wrote as `Constant` nodes to the initializers. */
function constantsToInitializers(graph: GraphProto): void {
  graph.node = graph.node.filter(({ opType, domain, output, attribute: [value] }) => {
    if (opType !== 'Constant' || domain !== '' || value?.name !== 'value' || !value.t) return true
    graph.initializer.push(create(TensorProtoSchema, { ...value.t, name: output[0] }))
    return false
  })
}

/**
 * Lets nodes take a weight itself instead of its copy: torch's tracing exporter writes weights that are alike once, and an
 * `Identity` for each further name.
 */
function copiesToOriginals(graph: GraphProto): void {
  const weights = new Set(graph.initializer.map(({ name }) => name))
  const outputs = new Set(graph.output.map(({ name }) => name))
  const original = new Map<string, string>()
  const nodes = graph.node.filter(({ opType, domain, input: [source], output: [copy] }) => {
    const weight = original.get(source) ?? source
    if (opType !== 'Identity' || domain !== '' || !weights.has(weight) || outputs.has(copy)) return true
    original.set(copy, weight)
    return false
  })
  if (original.size === 0) return
  graph.node = nodes.map((node) => renamed(node, (name) => original.get(name) ?? name))
}
