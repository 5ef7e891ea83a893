import type { PredictionKind } from '../../core/measures/prediction'
import type { NodeProto } from '../schema/onnx_pb'
import { attributeOf, type GraphIndex, inputsOf } from './graphIndex'
import type { ResidualStream } from './residualStream'

/** Describes the file's outputs on top of its last hidden states. */
export type ForeignHead =
  | { readonly kind: 'none' }
  | {
      readonly kind: 'classification'
      /** Name of the logits: the input of a Softmax or Sigmoid at the file's end. */
      readonly output: string
      readonly labels: number
      readonly applied: PredictionKind | null
    }
  | {
      readonly kind: 'tokens'
      /** float [b, n, V] */
      readonly output: string
      /** The nodes from h_L to the output if each position is scored by itself; null where that is not sure. */
      readonly byPosition: ReadonlySet<NodeProto> | null
    }

/** Operators that do with each position what they do with any, given operands that are the same for all. */
const BY_POSITION = new Set([
  'Add',
  'Sub',
  'Mul',
  'Div',
  'Pow',
  'Sqrt',
  'Reciprocal',
  'Erf',
  'Tanh',
  'Sigmoid',
  'Relu',
  'Gelu',
  'FastGelu',
  'BiasGelu',
  'Cast',
  'Identity',
  'LayerNormalization',
  'SimplifiedLayerNormalization',
])

/**
 * Finds the head by the declared shapes of the outputs: scores of labels [b, labels] or of tokens [b, n, V]. A file
 * that gives its last hidden states has none but by the name of logits: what else it makes of them are embeddings.
 *
 * @param width d; an output [b, d] without the name of logits is an embedding
 */
export function headOf(
  graph: GraphIndex,
  { hiddenStates, output }: ResidualStream,
  width: number,
  vocabularySize: number,
): ForeignHead {
  const last = hiddenStates[hiddenStates.length - 1]
  const after = nodesAfter(graph, last)
  const candidates = graph.outputs
    .map(({ name, type }) => {
      const shape = type?.value.case === 'tensorType' ? type.value.value.shape : undefined
      const dims = (shape?.dim ?? []).map(({ value }) =>
        value.case === 'dimValue' ? Number(value.value) : null,
      )
      return { name, dims, node: graph.producerOf(name) }
    })
    .filter(({ node }) => node && after.has(node))
    .sort((a, b) => Number(b.name === output) - Number(a.name === output))
  const named = candidates.filter(({ name }) => name === 'logits')
  for (const { name, dims } of statesAreGiven(graph, last) ? named : candidates) {
    const size = dims[dims.length - 1]
    if (dims.length === 3 && size === vocabularySize) {
      return { kind: 'tokens', output: name, byPosition: scoredByPosition(graph, last, name, after) }
    }
    if (dims.length === 2 && typeof size === 'number' && size > 0 && (size !== width || name === 'logits')) {
      return { kind: 'classification', labels: size, ...logitsOf(graph, name) }
    }
  }
  return { kind: 'none' }
}

const APPLIED: Readonly<Record<string, PredictionKind>> = {
  Softmax: 'softmax',
  LogSoftmax: 'softmax',
  Sigmoid: 'sigmoid',
}

/** Returns the scores of which the file computes an output's probabilities. */
function logitsOf(graph: GraphIndex, name: string): { output: string; applied: PredictionKind | null } {
  let node = graph.producerOf(name)
  while (node && (node.opType === 'Identity' || node.opType === 'Cast'))
    node = graph.producerOf(node.input[0])
  const applied = node && Object.hasOwn(APPLIED, node.opType) ? APPLIED[node.opType] : null
  return node && applied ? { output: node.input[0], applied } : { output: name, applied: null }
}

function statesAreGiven(graph: GraphIndex, last: string): boolean {
  return graph.outputs.some(({ name }) => {
    let value = name
    while (value !== last && graph.producerOf(value)?.opType === 'Identity') {
      value = graph.producerOf(value)?.input[0] ?? ''
    }
    return value === last
  })
}

function nodesAfter(graph: GraphIndex, value: string): Set<NodeProto> {
  const values = new Set([value])
  const nodes = new Set<NodeProto>()
  for (const one of values) {
    for (const node of graph.consumersOf(one)) {
      nodes.add(node)
      for (const output of node.output) values.add(output)
    }
  }
  return nodes
}

function scoredByPosition(
  graph: GraphIndex,
  last: string,
  output: string,
  after: ReadonlySet<NodeProto>,
): Set<NodeProto> | null {
  const changing = valuesOfInputs(graph)
  const path = new Set<NodeProto>()
  const wanted = new Set([output])
  for (const value of wanted) {
    const node = graph.producerOf(value)
    if (value === last || !node || !after.has(node)) continue
    path.add(node)
    for (const input of inputsOf(node)) wanted.add(input)
  }
  const inHead = (value: string) => value === last || path.has(graph.producerOf(value) as NodeProto)
  for (const node of path) {
    const others = inputsOf(node).filter((input) => !inHead(input))
    if (others.some((input) => changing.has(input))) return null
    const isProduct = node.opType === 'MatMul' && inHead(node.input[0]) && !inHead(node.input[1])
    if (!isProduct && !BY_POSITION.has(node.opType) && !isMeanOfWidth(graph, node)) return null
  }
  return path
}

function isMeanOfWidth(graph: GraphIndex, node: NodeProto): boolean {
  if (node.opType !== 'ReduceMean') return false
  const axes = attributeOf(node, 'axes')?.ints.map(Number) ?? graph.wholeNumbers(node.input[1] ?? '')
  return axes?.length === 1 && (axes[0] === -1 || axes[0] === 2)
}

/** Returns every value that may differ from run to run. */
function valuesOfInputs(graph: GraphIndex): Set<string> {
  const values = new Set(graph.inputs.map(({ name }) => name))
  for (const value of values) {
    for (const node of graph.consumersOf(value)) for (const output of node.output) values.add(output)
  }
  return values
}
