import { fromBinary, toBinary } from '@bufbuild/protobuf'
import { type EncoderGraph, patchedName } from '../src/onnx/encoderGraph'
import { ModelProtoSchema } from '../src/onnx/schema/onnx_pb'

/** Returns the same graph without the inputs by which hidden states are replaced: what they cost where they are not used. */
export function withoutStates(graph: EncoderGraph): EncoderGraph {
  const model = fromBinary(ModelProtoSchema, graph.bytes)
  const inner = model.graph
  if (!inner) throw new Error('the file holds no graph')
  const masks = new Set([
    ...Array.from({ length: graph.states }, (_, layer) => patchedName(layer)),
    ...['head_only', 'head_states', 'measured_rows'],
  ])
  inner.node = inner.node.map((node) => {
    const at = node.input.findIndex((name) => masks.has(name))
    if (at < 0) return node
    const passed = node.opType === 'Where' ? node.input[2] : node.input[0]
    return { ...node, opType: 'Identity', input: [passed], attribute: [] }
  })
  inner.input = inner.input.filter(({ name }) => !masks.has(name))
  return { ...graph, bytes: toBinary(ModelProtoSchema, model), takesStates: false }
}
