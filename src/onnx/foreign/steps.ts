import type { NodeProto } from '../schema/onnx_pb'
import { type GraphIndex, inputsOf } from './graphIndex'

/** Describes one operation on a value. The runtime's fused residual norms are two: the sum, then the norm. */
export interface Step {
  readonly op: string
  readonly inputs: readonly string[]
  readonly outputs: readonly string[]
}

/** The runtime's own residual norms (com.microsoft), with the place of the sum among their outputs. */
const SKIP_NORMS = new Set(['SkipLayerNormalization', 'SkipSimplifiedLayerNormalization'])
const SUM_OUTPUT = 3

/** Nodes that give their input as it is. */
const NAMES_ONLY = new Set(['Identity', 'Dropout'])

/** Nodes that take a value's shape and none of its values. */
export const SHAPE_ONLY = new Set(['Shape', 'Size'])

/** Names the sum inside a fused norm where the file gives it no name; it cannot be fetched. */
const nameless = (output: string) => `${output}\u0000sum`
export const hasName = (value: string) => !value.endsWith('\u0000sum')

/**
 * Returns a graph as steps that carry values, in an order in which they can be run; nodes that take only a shape are
 * left out, and values that differ only in name have the first one's.
 */
export function stepsOf(graph: GraphIndex): Step[] {
  const first = new Map<string, string>()
  const nameOf = (value: string) => first.get(value) ?? value
  const steps: Step[] = []
  for (const node of graph.nodes) {
    if (isSameValue(graph, node)) {
      first.set(node.output[0], nameOf(node.input[0]))
      continue
    }
    if (SHAPE_ONLY.has(node.opType)) continue
    const inputs = inputsOf(node).map(nameOf)
    if (!SKIP_NORMS.has(node.opType)) {
      steps.push({ op: node.opType, inputs, outputs: node.output.filter((name) => name !== '') })
      continue
    }
    const [normed] = node.output
    const sum = node.output[SUM_OUTPUT] || nameless(normed)
    steps.push(
      { op: 'Add', inputs, outputs: [sum] },
      { op: 'LayerNormalization', inputs: [sum], outputs: [normed] },
    )
  }
  for (const { name } of graph.outputs) {
    const value = nameOf(name)
    if (value !== name) steps.push({ op: 'Identity', inputs: [value], outputs: [name] })
  }
  return steps
}

function isSameValue(graph: GraphIndex, { opType, input, output }: NodeProto): boolean {
  if (NAMES_ONLY.has(opType)) return true
  return (
    opType === 'Cast' && graph.typeOf(input[0]) === graph.typeOf(output[0]) && graph.typeOf(input[0]) !== 0
  )
}
