import { create, toBinary } from '@bufbuild/protobuf'
import type { StoredTensor } from '../../weights/checkpoint'
import {
  type GraphProto,
  GraphProtoSchema,
  ModelProtoSchema,
  NodeProtoSchema,
  OperatorSetIdProtoSchema,
} from '../schema/onnx_pb'
import {
  type AttributeValue,
  attributeProto,
  type Dims,
  type ElementType,
  externalTensor,
  inlineTensor,
  valueInfo,
} from './protos'

/** Names a value in the graph, an input or output of nodes. */
export type Value = string & { readonly __value: unique symbol }

/** ONNX's default operators (Gelu came with 20) and the runtime's own, for fused attention. */
const OPSET = 20n
const MICROSOFT = 'com.microsoft'
const IR_VERSION = 9n

interface NodeOptions {
  readonly attributes?: Readonly<Record<string, AttributeValue>>
  /** true for operators of the runtime's own domain, not ONNX's. */
  readonly fused?: boolean
  /** Gives the value a name of its own; needed for outputs. */
  readonly name?: string
}

/**
 * Writes an ONNX graph (onnx.proto in ./schema) whose weights stay in an external file: each initializer is a location,
 * an offset and a length.
 */
export class GraphBuilder {
  readonly #graph: GraphProto = create(GraphProtoSchema, { name: 'ripplescope' })
  readonly #known = new Map<string, Value>()
  #counter = 0

  input(name: string, type: ElementType, dims: Dims): Value {
    this.#graph.input.push(valueInfo(name, type, dims))
    return name as Value
  }

  /** Makes a value an output; it must have been given this name by its node. */
  output(value: Value, type: ElementType, dims: Dims): void {
    this.#graph.output.push(valueInfo(value, type, dims))
  }

  /** Adds a node with one output. */
  node(opType: string, inputs: readonly Value[], options: NodeOptions = {}): Value {
    return this.nodes(opType, inputs, 1, options)[0]
  }

  /** Adds a node with several outputs. */
  nodes(opType: string, inputs: readonly Value[], outputs: number, options: NodeOptions = {}): Value[] {
    const { attributes = {}, fused = false, name = `${opType}_${this.#counter++}` } = options
    const output = Array.from({ length: outputs }, (_, i) => (i === 0 ? name : `${name}.${i}`))
    this.#graph.node.push(
      create(NodeProtoSchema, {
        name,
        opType,
        domain: fused ? MICROSOFT : '',
        input: [...inputs],
        output,
        attribute: Object.entries(attributes).map(([key, value]) => attributeProto(key, value)),
      }),
    )
    return output as Value[]
  }

  /** Returns a small constant inside the graph. A scalar has no dims. @param name for one of many values */
  constant(
    type: ElementType,
    values: readonly number[],
    dims: readonly number[] = [values.length],
    name = `constant_${type}_${values.join('_')}_of_${dims.join('x')}`,
  ): Value {
    return this.once(name, () => {
      this.#graph.initializer.push(inlineTensor(name, type, values, dims))
      return name as Value
    })
  }

  /** Returns a tensor whose values stay in its file. */
  external(tensor: StoredTensor): Value {
    return this.once(tensor.name, () => {
      this.#graph.initializer.push(externalTensor(tensor))
      return tensor.name as Value
    })
  }

  /** Returns a value that is written when first asked for. */
  once(key: string, write: () => Value): Value {
    const value = this.#known.get(key) ?? write()
    this.#known.set(key, value)
    return value
  }

  build(): Uint8Array {
    const opset = (domain: string, version: bigint) => create(OperatorSetIdProtoSchema, { domain, version })
    return toBinary(
      ModelProtoSchema,
      create(ModelProtoSchema, {
        irVersion: IR_VERSION,
        producerName: 'ripplescope',
        opsetImport: [opset('', OPSET), opset(MICROSOFT, 1n)],
        graph: this.#graph,
      }),
    )
  }
}
