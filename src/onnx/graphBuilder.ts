import { create, toBinary } from '@bufbuild/protobuf'
import type { TensorLocation } from '../weights/tensor'
import {
  AttributeProto_AttributeType,
  AttributeProtoSchema,
  type GraphProto,
  GraphProtoSchema,
  ModelProtoSchema,
  NodeProtoSchema,
  OperatorSetIdProtoSchema,
  StringStringEntryProtoSchema,
  TensorProto_DataLocation,
  TensorProto_DataType,
  TensorProtoSchema,
  TensorShapeProto_DimensionSchema,
  TensorShapeProtoSchema,
  TypeProto_TensorSchema,
  TypeProtoSchema,
  type ValueInfoProto,
  ValueInfoProtoSchema,
} from './schema/onnx_pb'

export type ElementType = 'float' | 'int64'

/** The name of a value in the graph: what nodes take and give. */
export type Value = string & { readonly __value: unique symbol }

const ELEMENT_TYPES: Readonly<Record<ElementType, TensorProto_DataType>> = {
  float: TensorProto_DataType.FLOAT,
  int64: TensorProto_DataType.INT64,
}

const FILE_TYPES: Readonly<Record<TensorLocation['dtype'], TensorProto_DataType>> = {
  F32: TensorProto_DataType.FLOAT,
  F16: TensorProto_DataType.FLOAT16,
  BF16: TensorProto_DataType.BFLOAT16,
  I8: TensorProto_DataType.INT8,
}

/** ONNX's default operators (Gelu came with 20) and the runtime's own, for fused attention. */
const OPSET = 20n
const MICROSOFT = 'com.microsoft'
const IR_VERSION = 9n

function attributeProto(name: string, value: number | string) {
  if (typeof value === 'string') {
    return create(AttributeProtoSchema, {
      name,
      type: AttributeProto_AttributeType.STRING,
      s: new TextEncoder().encode(value),
    })
  }
  return Number.isInteger(value)
    ? create(AttributeProtoSchema, { name, type: AttributeProto_AttributeType.INT, i: BigInt(value) })
    : create(AttributeProtoSchema, { name, type: AttributeProto_AttributeType.FLOAT, f: value })
}

function valueInfo(name: string, type: ElementType, dims: readonly (number | string)[]): ValueInfoProto {
  const dim = dims.map((size) =>
    create(TensorShapeProto_DimensionSchema, {
      value:
        typeof size === 'number'
          ? { case: 'dimValue', value: BigInt(size) }
          : { case: 'dimParam', value: size },
    }),
  )
  const tensorType = create(TypeProto_TensorSchema, {
    elemType: ELEMENT_TYPES[type],
    shape: create(TensorShapeProtoSchema, { dim }),
  })
  return create(ValueInfoProtoSchema, {
    name,
    type: create(TypeProtoSchema, { value: { case: 'tensorType', value: tensorType } }),
  })
}

/** Attributes whose ONNX type is float although their value may be whole. */
const FLOAT_ATTRIBUTES = new Set(['epsilon', 'alpha', 'beta'])

interface NodeOptions {
  readonly attributes?: Readonly<Record<string, number | string>>
  /** Of the runtime's own domain rather than ONNX's. */
  readonly fused?: boolean
  /** Gives the value a name of its own; needed for outputs. */
  readonly name?: string
}

/**
 * Writes an ONNX graph (onnx.proto in ./schema) whose weights stay in an external file: each initializer is a location,
 * an offset and a length ("External Data" in ONNX's docs).
 */
export class GraphBuilder {
  readonly #graph: GraphProto = create(GraphProtoSchema, { name: 'ripplescope' })
  readonly #known = new Map<string, Value>()
  #counter = 0

  input(name: string, type: ElementType, dims: readonly (number | string)[]): Value {
    this.#graph.input.push(valueInfo(name, type, dims))
    return name as Value
  }

  /** Makes a value an output; it must have been given this name by its node. */
  output(value: Value, type: ElementType, dims: readonly (number | string)[]): void {
    this.#graph.output.push(valueInfo(value, type, dims))
  }

  /** Adds a node with one output. */
  node(opType: string, inputs: readonly Value[], options: NodeOptions = {}): Value {
    return this.nodes(opType, inputs, 1, options)[0]
  }

  /** Adds a node with several outputs. */
  nodes(opType: string, inputs: readonly Value[], outputs: number, options: NodeOptions = {}): Value[] {
    const name = options.name ?? `${opType}_${this.#counter++}`
    const output = Array.from({ length: outputs }, (_, i) => (i === 0 ? name : `${name}.${i}`)) as Value[]
    const attribute = Object.entries(options.attributes ?? {}).map(([key, value]) =>
      FLOAT_ATTRIBUTES.has(key)
        ? create(AttributeProtoSchema, {
            name: key,
            type: AttributeProto_AttributeType.FLOAT,
            f: Number(value),
          })
        : attributeProto(key, value),
    )
    this.#graph.node.push(
      create(NodeProtoSchema, {
        name,
        opType,
        domain: options.fused ? MICROSOFT : '',
        input: [...inputs],
        output,
        attribute,
      }),
    )
    return output
  }

  /** A small constant inside the graph. A scalar has no dims. */
  constant(type: ElementType, values: readonly number[], dims: readonly number[] = [values.length]): Value {
    const name = `constant_${type}_${values.join('_')}_of_${dims.join('x')}`
    const known = this.#known.get(name)
    if (known) return known
    this.#graph.initializer.push(
      create(TensorProtoSchema, {
        name,
        dims: dims.map(BigInt),
        dataType: ELEMENT_TYPES[type],
        ...(type === 'int64' ? { int64Data: values.map(BigInt) } : { floatData: [...values] }),
      }),
    )
    this.#known.set(name, name as Value)
    return name as Value
  }

  /** A tensor where it lies in its file. Asked twice, it is declared once. */
  external(tensor: TensorLocation, fileName: string): Value {
    const known = this.#known.get(tensor.name)
    if (known) return known
    const entry = (key: string, value: string | number) =>
      create(StringStringEntryProtoSchema, { key, value: String(value) })
    this.#graph.initializer.push(
      create(TensorProtoSchema, {
        name: tensor.name,
        dims: tensor.shape.map(BigInt),
        dataType: FILE_TYPES[tensor.dtype],
        dataLocation: TensorProto_DataLocation.EXTERNAL,
        externalData: [
          entry('location', fileName),
          entry('offset', tensor.offset),
          entry('length', tensor.length),
        ],
      }),
    )
    this.#known.set(tensor.name, tensor.name as Value)
    return tensor.name as Value
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
