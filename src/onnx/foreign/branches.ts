import { create } from '@bufbuild/protobuf'
import { type GraphProto, type NodeProto, NodeProtoSchema, TensorProto_DataType } from '../schema/onnx_pb'
import { damaged } from './refusals'

/**
 * Puts in place of each `If` whose condition is an input its branch for `false`: in decoders merged by optimum the one
 * without earlier keys and values (`use_cache_branch`).
 *
 * @throws FailureError `damaged-file`
 */
export function chooseBranches(graph: GraphProto): void {
  const flags = new Set(
    graph.input
      .filter(({ type }) => elementTypeOf(type) === TensorProto_DataType.BOOL)
      .map(({ name }) => name),
  )
  graph.node = graph.node.flatMap((node) =>
    node.opType === 'If' && flags.has(node.input[0]) ? inlined(node, graph) : [node],
  )
}

type ValueType = GraphProto['input'][number]['type']

/** Returns ONNX's number of a value's element type; 0 where it is no tensor. */
export function elementTypeOf(type: ValueType): number {
  return type?.value.case === 'tensorType' ? type.value.value.elemType : TensorProto_DataType.UNDEFINED
}

function inlined({ attribute, output }: NodeProto, graph: GraphProto): NodeProto[] {
  const branch = attribute.find(({ name }) => name === 'else_branch')?.g
  if (!branch || branch.output.length !== output.length) {
    damaged('An If of the file has no branch for false.')
  }
  // The branch's own names may be those that its results get outside.
  const made = new Set([
    ...branch.node.flatMap(({ output }) => output),
    ...branch.initializer.map(({ name }) => name),
  ])
  const inside = (name: string) => (made.has(name) ? `else/${name}` : name)
  for (const tensor of branch.initializer) graph.initializer.push({ ...tensor, name: inside(tensor.name) })
  return [
    ...branch.node.map((node) => renamed(node, inside)),
    ...branch.output.map(({ name }, i) =>
      create(NodeProtoSchema, { opType: 'Identity', input: [inside(name)], output: [output[i]] }),
    ),
  ]
}

/** Returns a node without a name of its own whose values, and those that its own graphs take and make, have other names. The empty name stays. */
export function renamed(node: NodeProto, rename: (name: string) => string): NodeProto {
  const of = (name: string) => (name === '' ? '' : rename(name))
  const renamedGraph = (graph: GraphProto): GraphProto => ({
    ...graph,
    node: graph.node.map((inner) => renamed(inner, rename)),
    initializer: graph.initializer.map((tensor) => ({ ...tensor, name: of(tensor.name) })),
    input: graph.input.map((value) => ({ ...value, name: of(value.name) })),
    output: graph.output.map((value) => ({ ...value, name: of(value.name) })),
    valueInfo: [],
  })
  return {
    ...node,
    // Names of nodes must differ, and a node may be written more than once.
    name: '',
    input: node.input.map(of),
    output: node.output.map(of),
    attribute: node.attribute.map((attribute) => ({
      ...attribute,
      g: attribute.g && renamedGraph(attribute.g),
      graphs: attribute.graphs.map(renamedGraph),
    })),
  }
}
