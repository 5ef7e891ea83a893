import { create } from '@bufbuild/protobuf'
import type { StoredTensor } from '../../weights/checkpoint'
import type { TensorDtype } from '../../weights/tensor'
import {
  type AttributeProto,
  AttributeProto_AttributeType,
  AttributeProtoSchema,
  StringStringEntryProtoSchema,
  type TensorProto,
  TensorProto_DataLocation,
  TensorProto_DataType,
  TensorProtoSchema,
  TensorShapeProto_DimensionSchema,
  TensorShapeProtoSchema,
  TypeProto_TensorSchema,
  TypeProtoSchema,
  type ValueInfoProto,
  ValueInfoProtoSchema,
} from '../schema/onnx_pb'

export type ElementType = 'float' | 'int64' | 'bool'

/** Holds the sizes of a shape; a name means one that is free. */
export type Dims = readonly (number | string)[]

const ELEMENT_TYPES: Readonly<Record<ElementType, TensorProto_DataType>> = {
  float: TensorProto_DataType.FLOAT,
  int64: TensorProto_DataType.INT64,
  bool: TensorProto_DataType.BOOL,
}

const FILE_TYPES: Readonly<Record<TensorDtype, TensorProto_DataType>> = {
  F32: TensorProto_DataType.FLOAT,
  F16: TensorProto_DataType.FLOAT16,
  BF16: TensorProto_DataType.BFLOAT16,
  F64: TensorProto_DataType.DOUBLE,
  I8: TensorProto_DataType.INT8,
}

/** Attributes whose ONNX type is float although their value may be whole. */
const FLOAT_ATTRIBUTES = new Set(['epsilon', 'alpha', 'beta', 'scale'])

export type AttributeValue = number | string | readonly number[]

export function attributeProto(name: string, value: AttributeValue): AttributeProto {
  const { STRING, INT, INTS, FLOAT } = AttributeProto_AttributeType
  if (typeof value === 'object') {
    return create(AttributeProtoSchema, { name, type: INTS, ints: value.map(BigInt) })
  }
  if (typeof value === 'string') {
    return create(AttributeProtoSchema, { name, type: STRING, s: new TextEncoder().encode(value) })
  }
  return Number.isInteger(value) && !FLOAT_ATTRIBUTES.has(name)
    ? create(AttributeProtoSchema, { name, type: INT, i: BigInt(value) })
    : create(AttributeProtoSchema, { name, type: FLOAT, f: value })
}

export function valueInfo(name: string, type: ElementType, dims: Dims): ValueInfoProto {
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

/** Writes a tensor whose values are in the graph itself. */
export function inlineTensor(
  name: string,
  type: ElementType,
  values: readonly number[],
  dims: readonly number[],
): TensorProto {
  return create(TensorProtoSchema, {
    name,
    dims: dims.map(BigInt),
    dataType: ELEMENT_TYPES[type],
    ...(type === 'int64' ? { int64Data: values.map(BigInt) } : { floatData: [...values] }),
  })
}

/** Writes a tensor whose values stay in its file (ONNX, "External Data"). */
export function externalTensor(tensor: StoredTensor): TensorProto {
  const entry = (key: string, value: string | number) =>
    create(StringStringEntryProtoSchema, { key, value: String(value) })
  return create(TensorProtoSchema, {
    name: tensor.name,
    dims: tensor.shape.map(BigInt),
    dataType: FILE_TYPES[tensor.dtype],
    dataLocation: TensorProto_DataLocation.EXTERNAL,
    externalData: [
      entry('location', tensor.fileName),
      entry('offset', tensor.offset),
      entry('length', tensor.length),
    ],
  })
}
