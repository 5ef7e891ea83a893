import { create, fromBinary, toBinary } from '@bufbuild/protobuf'
import { BinaryWriter, WireType } from '@bufbuild/protobuf/wire'
import { describe, expect, it } from 'vitest'
import { FailureError } from '../../core/failure'
import {
  GraphProtoSchema,
  type ModelProto,
  ModelProtoSchema,
  NodeProtoSchema,
  TensorProto_DataType,
  TensorProtoSchema,
} from '../schema/onnx_pb'
import { FOREIGN, foreignBytes } from './foreignFixture'
import { skimModel } from './skim'
import { tensorsOf } from './subgraphs'
import { dataPlaceOf } from './tensorData'

const skim = async (bytes: Uint8Array<ArrayBuffer>): Promise<ModelProto> =>
  fromBinary(ModelProtoSchema, await skimModel({ name: 'model.onnx', blob: new Blob([bytes]) }))

const withTensor = (tensor: Parameters<typeof create<typeof TensorProtoSchema>>[1]) =>
  new Uint8Array(
    toBinary(
      ModelProtoSchema,
      create(ModelProtoSchema, {
        graph: create(GraphProtoSchema, { initializer: [create(TensorProtoSchema, tensor)] }),
      }),
    ),
  )

describe('skimModel', () => {
  it.each(FOREIGN.files)('points to the very bytes of each large tensor of $file', async ({ file }) => {
    const bytes = foreignBytes(file)
    const whole = tensorsOf(fromBinary(ModelProtoSchema, bytes))
    const skimmed = tensorsOf(await skim(bytes))
    expect(skimmed.map(({ name }) => name)).toEqual(whole.map(({ name }) => name))
    for (const [i, tensor] of skimmed.entries()) {
      const { rawData, dims, dataType } = whole[i]
      expect([tensor.dims, tensor.dataType]).toEqual([dims, dataType])
      const place = dataPlaceOf(tensor)
      if (place?.fileName === 'model.onnx') {
        expect(rawData.length).toBeGreaterThanOrEqual(1024)
        expect(bytes.subarray(place.offset, place.offset + place.length)).toEqual(rawData)
      } else {
        expect(tensor.rawData).toEqual(rawData)
      }
    }
  })

  it('leaves everything but large tensors as it is', async () => {
    const bytes = foreignBytes('gpt2.merged.onnx')
    const [whole, skimmed] = [fromBinary(ModelProtoSchema, bytes), await skim(bytes)]
    for (const model of [whole, skimmed]) {
      for (const tensor of tensorsOf(model)) {
        Object.assign(tensor, { rawData: new Uint8Array(), externalData: [], dataLocation: 0 })
      }
    }
    expect(toBinary(ModelProtoSchema, skimmed)).toEqual(toBinary(ModelProtoSchema, whole))
  })

  it('points to packed float_data as well', async () => {
    const values = Array.from({ length: 300 }, (_, i) => i / 7)
    const bytes = withTensor({
      name: 'w',
      dims: [300n],
      dataType: TensorProto_DataType.FLOAT,
      floatData: values,
    })
    const [tensor] = tensorsOf(await skim(bytes))
    const place = dataPlaceOf(tensor)
    expect(place?.length).toBe(1200)
    const { offset, length } = place ?? { offset: 0, length: 0 }
    expect([...new Float32Array(bytes.slice(offset, offset + length).buffer)]).toEqual([
      ...Float32Array.from(values),
    ])
  })

  it('reads no weights', async () => {
    const size = 40 * 2 ** 20
    const bytes = withTensor({
      name: 'w',
      dims: [BigInt(size)],
      dataType: TensorProto_DataType.INT8,
      rawData: new Uint8Array(size),
    })
    const blob = new Blob([bytes])
    let read = 0
    const slice = blob.slice.bind(blob)
    blob.slice = (start = 0, end = blob.size) => {
      read += end - start
      return slice(start, end)
    }
    await skimModel({ name: 'model.onnx', blob })
    expect(read).toBeLessThan(2 ** 20)
  })

  const nested = (depth: number): Uint8Array<ArrayBuffer> => {
    // A graph in an attribute of a node of a graph, each long enough to be looked into.
    let inner = new TextEncoder().encode('x'.repeat(1100))
    for (let i = 0; i < depth; i++) {
      for (const field of i === 0 ? [10, 6, 5, 1] : [6, 5, 1]) {
        inner = new BinaryWriter().tag(field, WireType.LengthDelimited).bytes(inner).finish()
      }
    }
    return new BinaryWriter().tag(7, WireType.LengthDelimited).bytes(inner).finish()
  }

  it.each<[string, () => Uint8Array<ArrayBuffer>, RegExp, string]>([
    ['an empty file', () => new Uint8Array(), /is empty/, 'damaged-file'],
    ['a text', () => new TextEncoder().encode('<!doctype html>'), /not an ONNX file|beyond/, 'damaged-file'],
    [
      'a truncated file',
      () => foreignBytes('bert.slim.onnx').slice(0, 5000),
      /beyond its end/,
      'damaged-file',
    ],
    [
      'a length that overflows',
      () => new Uint8Array([0x3a, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0x01]),
      /beyond its end/,
      'damaged-file',
    ],
    [
      'a length of too many bytes',
      () => new Uint8Array([0x3a, ...new Array(12).fill(0xff), 0x01]),
      /not an ONNX file/,
      'damaged-file',
    ],
    ['graphs in graphs without end', () => nested(40), /too deep/, 'damaged-file'],
    [
      'a graph that is too large',
      () =>
        new Uint8Array(
          toBinary(
            ModelProtoSchema,
            create(ModelProtoSchema, {
              graph: create(GraphProtoSchema, {
                node: [create(NodeProtoSchema, { docString: 'x'.repeat(17 * 2 ** 20) })],
              }),
            }),
          ),
        ),
      /more than 16 MB/,
      'unsupported-model',
    ],
  ])('refuses %s', async (_, bytes, message, kind) => {
    const thrown = await skimModel({ name: 'model.onnx', blob: new Blob([bytes()]) }).then(
      () => null,
      (error: unknown) => error,
    )
    expect(thrown).toBeInstanceOf(FailureError)
    expect((thrown as FailureError).message).toMatch(message)
    expect((thrown as FailureError).failure.kind).toBe(kind)
  })
})
