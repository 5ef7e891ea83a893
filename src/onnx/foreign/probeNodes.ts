import { create } from '@bufbuild/protobuf'
import { type AttributeValue, attributeProto } from '../builder/protos'
import { wave } from '../layers/waves'
import {
  AttributeProto_AttributeType,
  AttributeProtoSchema,
  type NodeProto,
  NodeProtoSchema,
  type TensorProto,
  TensorProto_DataType,
} from '../schema/onnx_pb'
import { type GraphIndex, inputsOf } from './graphIndex'

export type Attributes = Readonly<Record<string, AttributeValue | TensorProto>>

/** Adds a node with one output. @returns the output */
export function push(
  nodes: NodeProto[],
  opType: string,
  inputs: readonly string[],
  output: string,
  attributes: Attributes = {},
): string {
  const attribute = Object.entries(attributes).map(([name, value]) =>
    typeof value === 'object' && 'dims' in value
      ? create(AttributeProtoSchema, { name, type: AttributeProto_AttributeType.TENSOR, t: value })
      : attributeProto(name, value),
  )
  nodes.push(
    create(NodeProtoSchema, { name: output, opType, input: [...inputs], output: [output], attribute }),
  )
  return output
}

/** Sorts nodes into an order in which they can be run: detours lead from our nodes back into the file's. */
export function sorted(nodes: readonly NodeProto[]): NodeProto[] {
  const made = new Set(nodes.flatMap(({ output }) => output))
  const order: NodeProto[] = []
  const done = new Set<string>()
  let left = [...nodes]
  while (left.length > 0) {
    const later: NodeProto[] = []
    for (const node of left) {
      if (inputsOf(node).every((input) => !made.has(input) || done.has(input))) {
        order.push(node)
        for (const output of node.output) done.add(output)
      } else later.push(node)
    }
    if (later.length === left.length) throw new TypeError('a detour leads in a circle')
    left = later
  }
  return order
}

/** Says whether a node takes the Cos or Sin of floats. */
export function isFloatWave(index: GraphIndex, { opType, input }: NodeProto): boolean {
  const isWave = opType === 'Cos' || opType === 'Sin'
  return isWave && index.typeOf(input[0]) === TensorProto_DataType.FLOAT
}

/**
 * Returns nodes that compute a Cos or Sin with the same result on every device.
 * @param number a float constant of the graph
 */
export function exactWave(
  { opType, input: [angles], output: [output] }: NodeProto,
  number: (value: number) => string,
): NodeProto[] {
  const nodes: NodeProto[] = []
  const node = (opType: string, inputs: readonly string[]) =>
    push(nodes, opType, inputs, `${output}/wave.${nodes.length}`)
  push(nodes, 'Identity', [wave({ node, number }, opType === 'Cos' ? 'Cos' : 'Sin', angles)], output)
  return nodes
}
