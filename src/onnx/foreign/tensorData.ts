import { fail } from '../../core/failure'
import type { WeightsFile } from '../../weights/checkpoint'
import { type TensorProto, TensorProto_DataLocation, TensorProto_DataType } from '../schema/onnx_pb'
import { damaged, quoted, unread } from './refusals'

const {
  FLOAT,
  UINT8,
  INT8,
  UINT16,
  INT16,
  INT32,
  INT64,
  BOOL,
  FLOAT16,
  DOUBLE,
  UINT32,
  UINT64,
  BFLOAT16,
  UINT4,
  INT4,
} = TensorProto_DataType

/** Bits of one value; tensors of other types (text, complex numbers, fp8) are not read. */
const BITS: Readonly<Partial<Record<number, number>>> = {
  [FLOAT]: 32,
  [UINT8]: 8,
  [INT8]: 8,
  [UINT16]: 16,
  [INT16]: 16,
  [INT32]: 32,
  [INT64]: 64,
  [BOOL]: 8,
  [FLOAT16]: 16,
  [DOUBLE]: 64,
  [UINT32]: 32,
  [UINT64]: 64,
  [BFLOAT16]: 16,
  [UINT4]: 4,
  [INT4]: 4,
}

/** Locates a tensor's values outside the graph. */
export interface DataPlace {
  readonly fileName: string
  readonly offset: number
  readonly length: number
}

/**
 * Checks that a tensor's values lie in one of these files, or in the graph, and fill its shape. An external tensor is
 * given its offset and length where the file leaves them out.
 *
 * @param files by name; a place outside of them, `../` and absolute paths among these, is no place
 * @throws FailureError `damaged-file`; `missing-file` where a file that is named is not there; `unsupported-model`
 */
export function checkTensor(tensor: TensorProto, files: ReadonlyMap<string, WeightsFile>): void {
  const { name, dims, dataType } = tensor
  const shown = quoted(name)
  const bits = BITS[dataType]
  if (bits === undefined) {
    unread(`Tensor ${shown} holds values of ONNX's type ${dataType}, which is not read.`)
  }
  if (dims.some((dim) => dim < 0n)) damaged(`Tensor ${shown} has shape [${dims}].`)
  const elements = dims.reduce((product, dim) => product * dim, 1n)
  const bytes = (elements * BigInt(bits) + 7n) / 8n
  if (tensor.dataLocation !== TensorProto_DataLocation.EXTERNAL) {
    if (tensor.externalData.length > 0) damaged(`Tensor ${shown} says two things of where it lies.`)
    if (BigInt(inlineBytes(tensor, bits)) !== bytes) {
      damaged(`Tensor ${shown} of shape [${dims}] does not fill its values.`)
    }
    return
  }
  const entries = new Map(tensor.externalData.map(({ key, value }) => [key, value]))
  if (entries.size < tensor.externalData.length || inlineBytes(tensor, bits) > 0) {
    damaged(`Tensor ${shown} says two things of where it lies.`)
  }
  const location = entries.get('location') ?? ''
  const file = files.get(location)
  if (!file) missing(shown, location)
  const offset = entries.get('offset') ?? '0'
  const length = entries.get('length') ?? String(bytes)
  if (![offset, length].every((number) => /^\d{1,16}$/.test(number))) {
    damaged(`Tensor ${shown} has no valid place in ${location}.`)
  }
  if (BigInt(length) !== bytes)
    damaged(`Tensor ${shown} of shape [${dims}] does not fill its ${length} bytes.`)
  if (BigInt(offset) + bytes > BigInt(file.blob.size)) {
    damaged(
      `Tensor ${shown} lies outside ${location}: byte ${offset} and ${length} more, of ${file.blob.size}.`,
    )
  }
  const place = tensor.externalData[0]
  tensor.externalData = Object.entries({ location, offset, length }).map(([key, value]) => ({
    ...place,
    key,
    value,
  }))
}

function missing(tensor: string, location: string): never {
  const plain = /^(\.\/)?[^/\\:]+$/.test(location) && location !== '..'
  if (!plain) {
    damaged(`Tensor ${tensor} points to ${quoted(location)}, outside the model's own files.`)
  }
  fail('missing-file', `The weights lie in ${quoted(location)}, which is not among the files.`, {
    advice: 'Add that file and open the model again.',
  })
}

/** Returns the number of bytes of the values in the graph itself, as they would be raw. */
function inlineBytes(tensor: TensorProto, bits: number): number {
  const listed =
    tensor.floatData.length + tensor.int32Data.length + tensor.int64Data.length + tensor.doubleData.length
  const values = listed + tensor.uint64Data.length
  // Four-bit values stand in pairs in int32_data.
  return tensor.rawData.length + Math.ceil((values * Math.max(bits, 8)) / 8)
}

/** Returns the place of a checked tensor's values; null where they are in the graph. */
export function dataPlaceOf({ dataLocation, externalData }: TensorProto): DataPlace | null {
  if (dataLocation !== TensorProto_DataLocation.EXTERNAL) return null
  const entries = new Map(externalData.map(({ key, value }) => [key, value]))
  return {
    fileName: entries.get('location') ?? '',
    offset: Number(entries.get('offset')),
    length: Number(entries.get('length')),
  }
}

/** Returns a checked tensor's values where they are few whole numbers in the graph; undefined otherwise. */
export function wholeNumbersOf(tensor: TensorProto | undefined): number[] | undefined {
  if (!tensor || dataPlaceOf(tensor)) return undefined
  const { dataType, rawData, int64Data, int32Data } = tensor
  if (dataType !== INT64 && dataType !== INT32) return undefined
  if (rawData.length === 0) return dataType === INT64 ? int64Data.map(Number) : [...int32Data]
  const view = new DataView(rawData.buffer, rawData.byteOffset, rawData.byteLength)
  const size = dataType === INT64 ? 8 : 4
  return Array.from({ length: rawData.length / size }, (_, i) =>
    size === 8 ? Number(view.getBigInt64(i * 8, true)) : view.getInt32(i * 4, true),
  )
}
