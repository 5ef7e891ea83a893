import { create } from '@bufbuild/protobuf'
import { describe, expect, it } from 'vitest'
import { FailureError } from '../../core/failure'
import {
  StringStringEntryProtoSchema,
  type TensorProto,
  TensorProto_DataLocation,
  TensorProto_DataType,
  TensorProtoSchema,
} from '../schema/onnx_pb'
import { checkTensor, dataPlaceOf } from './tensorData'

const files = new Map(
  ['model.onnx', 'model.onnx_data'].map((name) => [name, { name, blob: new Blob([new Uint8Array(64)]) }]),
)

function external(
  entries: Readonly<Record<string, string>>,
  dims: readonly bigint[] = [4n, 2n],
): TensorProto {
  return create(TensorProtoSchema, {
    name: 'w',
    dims: [...dims],
    dataType: TensorProto_DataType.FLOAT,
    dataLocation: TensorProto_DataLocation.EXTERNAL,
    externalData: Object.entries(entries).map(([key, value]) =>
      create(StringStringEntryProtoSchema, { key, value }),
    ),
  })
}

const inside = (more: Omit<Parameters<typeof create<typeof TensorProtoSchema>>[1] & object, '$typeName'>) =>
  create(TensorProtoSchema, { name: 'w', dims: [2n], dataType: TensorProto_DataType.FLOAT, ...more })

const location = 'model.onnx_data'

describe('checkTensor', () => {
  it('accepts a tensor that lies in one of the files, and fills in what is left out', () => {
    const tensor = external({ location })
    checkTensor(tensor, files)
    expect(dataPlaceOf(tensor)).toEqual({ fileName: location, offset: 0, length: 32 })
    const behind = external({ location, offset: '32', length: '32', checksum: 'abc' })
    checkTensor(behind, files)
    expect(dataPlaceOf(behind)).toEqual({ fileName: location, offset: 32, length: 32 })
  })

  it.each<[string, TensorProto]>([
    ['raw', inside({ rawData: new Uint8Array(8) })],
    ['listed', inside({ floatData: [1, 2] })],
    ['int8 in int32_data', inside({ dataType: TensorProto_DataType.INT8, int32Data: [1, 2] })],
    ['fp16 in int32_data', inside({ dataType: TensorProto_DataType.FLOAT16, int32Data: [1, 2] })],
    ['scalar', inside({ dims: [], floatData: [1] })],
    ['empty', inside({ dims: [0n, 5n] })],
  ])('accepts values in the graph: %s', (_, tensor) => {
    expect(() => checkTensor(tensor, files)).not.toThrow()
    expect(dataPlaceOf(tensor)).toBeNull()
  })

  it.each<[string, TensorProto, RegExp, string]>([
    [
      'a file that is not there',
      external({ location: 'weights.bin' }),
      /lie in "weights\.bin"/,
      'missing-file',
    ],
    [
      'a path upwards',
      external({ location: '../model.onnx_data' }),
      /outside the model's own/,
      'damaged-file',
    ],
    ['two dots', external({ location: '..' }), /outside the model's own/, 'damaged-file'],
    ['an absolute path', external({ location: '/etc/passwd' }), /outside the model's own/, 'damaged-file'],
    [
      'a path of another system',
      external({ location: 'C:\\model' }),
      /outside the model's own/,
      'damaged-file',
    ],
    ['no location', external({}), /outside the model's own/, 'damaged-file'],
    ['an offset beyond the end', external({ location, offset: '33' }), /lies outside/, 'damaged-file'],
    ['a large offset', external({ location, offset: '9007199254740992' }), /lies outside/, 'damaged-file'],
    ['a negative offset', external({ location, offset: '-4' }), /no valid place/, 'damaged-file'],
    ['an offset in words', external({ location, offset: '1e1' }), /no valid place/, 'damaged-file'],
    ['a length of another shape', external({ location, length: '28' }), /does not fill/, 'damaged-file'],
    [
      'a shape that overflows',
      external({ location }, [2n ** 40n, 2n ** 40n]),
      /no valid place/,
      'damaged-file',
    ],
    ['a shape beyond the end', external({ location }, [17n]), /lies outside/, 'damaged-file'],
    ['a negative shape', external({ location }, [-4n, -2n]), /shape \[-4,-2\]/, 'damaged-file'],
    ['too few values', inside({ floatData: [1] }), /does not fill/, 'damaged-file'],
    ['too many values', inside({ rawData: new Uint8Array(12) }), /does not fill/, 'damaged-file'],
    [
      'two kinds of values',
      inside({ rawData: new Uint8Array(8), floatData: [1, 2] }),
      /does not fill/,
      'damaged-file',
    ],
    ['text', inside({ dataType: TensorProto_DataType.STRING }), /type 8/, 'unsupported-model'],
    ['an unknown type', inside({ dataType: 77 }), /type 77/, 'unsupported-model'],
  ])('refuses %s', (_, tensor, message, kind) => {
    const check = () => checkTensor(tensor, files)
    expect(check).toThrow(message)
    expect(check).toThrow(FailureError)
    try {
      check()
    } catch (thrown) {
      expect((thrown as FailureError).failure.kind).toBe(kind)
    }
  })

  it('refuses values in the graph and in a file, and two places', () => {
    const both = external({ location })
    both.rawData = new Uint8Array(32)
    expect(() => checkTensor(both, files)).toThrow(/two things/)
    const twice = external({ location })
    twice.externalData.push(...external({ location: 'model.onnx' }).externalData)
    expect(() => checkTensor(twice, files)).toThrow(/two things/)
  })
})
