import type { GraphProto, ModelProto, NodeProto, TensorProto } from '../schema/onnx_pb'
import { damaged } from './refusals'

const MAX_DEPTH = 16

/** Returns the graphs inside a node: the branches of an `If`, the body of a `Loop`. */
export function graphsIn({ attribute }: NodeProto): GraphProto[] {
  return attribute.flatMap(({ g, graphs }) => (g ? [g, ...graphs] : graphs))
}

/** Returns a node and all nodes of the graphs inside it. @throws FailureError `damaged-file` where they never end */
export function nodesWithin(node: NodeProto): NodeProto[] {
  return [node, ...graphsWithin(node).flatMap((graph) => graph.node)]
}

/** Returns the graphs inside a node, and those inside these. */
export function graphsWithin(node: NodeProto): GraphProto[] {
  const found: GraphProto[] = []
  let level = graphsIn(node)
  for (let depth = 0; level.length > 0; depth++) {
    if (depth > MAX_DEPTH) damaged('The graphs of the file lie too deep in each other.')
    found.push(...level)
    level = level.flatMap((graph) => graph.node.flatMap(graphsIn))
  }
  return found
}

/** Returns the values that the graphs inside a node take from outside. */
export function capturedBy(node: NodeProto): string[] {
  const graphs = graphsWithin(node)
  if (graphs.length === 0) return []
  const made = new Set(
    graphs.flatMap(({ node, input, initializer }) => [
      ...node.flatMap(({ output }) => output),
      ...input.map(({ name }) => name),
      ...initializer.map(({ name }) => name),
    ]),
  )
  const used = graphs.flatMap(({ node, output }) => [
    ...node.flatMap(({ input }) => input),
    ...output.map(({ name }) => name),
  ])
  return [...new Set(used)].filter((name) => name !== '' && !made.has(name))
}

/** Returns every tensor of a model, also those in nodes and functions. */
export function tensorsOf({ graph, functions }: ModelProto): TensorProto[] {
  const nodes = [...(graph?.node ?? []), ...functions.flatMap(({ node }) => node)].flatMap(nodesWithin)
  const graphs = (graph?.node ?? []).flatMap(graphsWithin)
  return [
    ...[...(graph ? [graph] : []), ...graphs].flatMap(({ initializer }) => initializer),
    ...nodes.flatMap(({ attribute }) =>
      attribute.flatMap(({ t, tensors }) => (t ? [t, ...tensors] : tensors)),
    ),
  ]
}
