import {
  type NodeProto,
  type TensorProto,
  TensorProto_DataType,
  type ValueInfoProto,
} from '../schema/onnx_pb'
import { elementTypeOf } from './branches'
import type { OnnxFile } from './onnxFile'
import { damaged, quoted } from './refusals'
import { capturedBy } from './subgraphs'
import { wholeNumbersOf } from './tensorData'

const { FLOAT, INT64, BOOL } = TensorProto_DataType

/** Operators whose result has not the type of their first input. */
const RESULT_TYPES: Readonly<Record<string, number>> = {
  Shape: INT64,
  Size: INT64,
  NonZero: INT64,
  ArgMax: INT64,
  Equal: BOOL,
  Less: BOOL,
  LessOrEqual: BOOL,
  Greater: BOOL,
  GreaterOrEqual: BOOL,
  Not: BOOL,
  And: BOOL,
  Or: BOOL,
  IsNaN: BOOL,
  IsInf: BOOL,
  MatMulInteger: TensorProto_DataType.INT32,
  ConvInteger: TensorProto_DataType.INT32,
  DynamicQuantizeLinear: TensorProto_DataType.UINT8,
}

/** Operators whose result has the type of a later input. */
const TYPE_INPUTS: Readonly<Record<string, number>> = {
  Where: 1,
  DequantizeLinear: 1,
  EmbedLayerNormalization: 2,
  GatherBlockQuantized: 2,
}

/** Holds a graph's nodes in an order in which they can be run, and answers questions about them. */
export class GraphIndex {
  /** Nodes, each after those whose results it takes. */
  readonly nodes: readonly NodeProto[]
  readonly opset: number
  readonly initializers: ReadonlyMap<string, TensorProto>
  /** Inputs that must be fed. */
  readonly inputs: readonly ValueInfoProto[]
  readonly outputs: readonly ValueInfoProto[]
  readonly #producers = new Map<string, NodeProto>()
  readonly #consumers = new Map<string, NodeProto[]>()
  readonly #types = new Map<string, number>()

  /** @throws FailureError `damaged-file` where values are made twice, never, or from themselves */
  constructor({ graph, opset, name }: OnnxFile) {
    this.opset = opset
    this.initializers = new Map(graph.initializer.map((tensor) => [tensor.name, tensor]))
    this.inputs = graph.input.filter((input) => !this.initializers.has(input.name))
    this.outputs = graph.output
    const known = new Set([...this.initializers.keys(), ...this.inputs.map((input) => input.name)])
    for (const node of graph.node) {
      for (const output of node.output) {
        if (output === '') continue
        if (this.#producers.has(output) || known.has(output)) {
          damaged(`${name} makes the value ${quoted(output)} twice.`)
        }
        this.#producers.set(output, node)
      }
      for (const input of inputsOf(node)) {
        const consumers = this.#consumers.get(input)
        if (!consumers) this.#consumers.set(input, [node])
        else if (consumers.at(-1) !== node) consumers.push(node)
      }
    }
    for (const value of [...this.#consumers.keys(), ...this.outputs.map((output) => output.name)]) {
      if (!this.#producers.has(value) && !known.has(value)) {
        damaged(`${name} asks for a value ${quoted(value)} that nothing makes.`)
      }
    }
    this.nodes = this.#inOrder(graph.node, name)
    this.#inferTypes()
  }

  producerOf(value: string): NodeProto | undefined {
    return this.#producers.get(value)
  }

  consumersOf(value: string): readonly NodeProto[] {
    return this.#consumers.get(value) ?? []
  }

  /** Returns ONNX's number of a value's element type; 0 where it could not be inferred. */
  typeOf(value: string): number {
    return this.#types.get(value) ?? TensorProto_DataType.UNDEFINED
  }

  /** Returns a constant's few whole numbers; undefined where the value is none. */
  wholeNumbers(value: string): number[] | undefined {
    const node = this.#producers.get(value)
    if (node?.opType === 'Constant') return wholeNumbersOf(node.attribute[0]?.t) ?? constantNumbers(node)
    return wholeNumbersOf(this.initializers.get(value))
  }

  /** Says whether a value is the same in every run. */
  isConstant(value: string): boolean {
    return this.initializers.has(value) || this.#producers.get(value)?.opType === 'Constant'
  }

  #inOrder(nodes: readonly NodeProto[], name: string): NodeProto[] {
    const missing = new Map<NodeProto, number>()
    for (const node of nodes) {
      missing.set(node, new Set(inputsOf(node).filter((input) => this.#producers.has(input))).size)
    }
    const order = nodes.filter((node) => missing.get(node) === 0)
    for (const node of order) {
      for (const output of new Set(node.output)) {
        for (const consumer of this.consumersOf(output)) {
          const left = (missing.get(consumer) ?? 0) - 1
          missing.set(consumer, left)
          if (left === 0) order.push(consumer)
        }
      }
    }
    if (order.length < nodes.length) damaged(`The graph of ${name} goes in a circle.`)
    return order
  }

  #inferTypes(): void {
    for (const { name, dataType } of this.initializers.values()) this.#types.set(name, dataType)
    for (const { name, type } of this.inputs) this.#types.set(name, elementTypeOf(type))
    for (const node of this.nodes) {
      const type = this.#resultType(node)
      for (const output of node.output) if (output !== '') this.#types.set(output, type)
    }
  }

  #resultType(node: NodeProto): number {
    const { opType, input } = node
    if (opType === 'Cast') return Number(attributeOf(node, 'to')?.i ?? 0)
    if (opType === 'Constant') return node.attribute[0]?.t?.dataType ?? (node.attribute[0]?.f ? FLOAT : INT64)
    if (opType === 'ConstantOfShape') return attributeOf(node, 'value')?.t?.dataType ?? FLOAT
    return RESULT_TYPES[opType] ?? this.typeOf(input[TYPE_INPUTS[opType] ?? 0] ?? '')
  }
}

function constantNumbers(node: NodeProto): number[] | undefined {
  const [value] = node.attribute
  if (value?.name === 'value_int') return [Number(value.i)]
  return value?.name === 'value_ints' ? value.ints.map(Number) : undefined
}

export function attributeOf(node: NodeProto, name: string): NodeProto['attribute'][number] | undefined {
  return node.attribute.find((attribute) => attribute.name === name)
}

const inputsByNode = new WeakMap<NodeProto, readonly string[]>()

/** Returns the inputs of a node, with those of the graphs inside it. */
export function inputsOf(node: NodeProto): readonly string[] {
  const known = inputsByNode.get(node)
  if (known) return known
  const inputs = [...node.input.filter((name) => name !== ''), ...capturedBy(node)]
  inputsByNode.set(node, inputs)
  return inputs
}
