import { fail } from '../../core/failure'
import { type Checkpoint, type StoredTensor, scaleNameOf, type WeightsFile } from '../../weights/checkpoint'
import type { ModelConfig } from '../../weights/modelConfig'
import type { TensorDtype } from '../../weights/tensor'
import type { TransformerOf } from '../families/transformer'
import { type TensorProto, TensorProto_DataType } from '../schema/onnx_pb'
import type { ForeignGraph } from './foreignGraph'
import { attributeOf } from './graphIndex'
import { FLOATS, tableProjectionIn } from './projection'
import { dataPlaceOf } from './tensorData'
import { PROJECTION_BIAS, PROJECTION_WEIGHT, TABLE_NAME, WordTableAlone } from './wordTableAlone'

const DTYPES: ReadonlyMap<number, TensorDtype> = new Map([...FLOATS, [TensorProto_DataType.INT8, 'I8']])

/** Holds a word table by itself, for the graphs over word tables. */
export interface WordTableModel {
  /** Sizes of the table; only the graphs that ask for rows and cosines may use them. */
  readonly config: ModelConfig
  /** Checkpoint with the table, its scales if it is quantised, and the projection. */
  readonly checkpoint: Checkpoint
  /** Architecture that reads the table. */
  readonly transformerOf: TransformerOf
  /** true if hidden states can be compared with its rows. */
  readonly reads: boolean
}

function unread(reason: string): never {
  fail('unsupported-model', `The word table cannot be read: ${reason}.`, {
    advice: 'Use a file whose word table is in fp32 or fp16.',
  })
}

/**
 * Describes the word table in the ONNX file, or in its external data.
 *
 * @param maxPositions the longest text
 * @throws FailureError `unsupported-model` where it is quantised in a way that is not read
 */
export async function wordTableModelOf(foreign: ForeignGraph, maxPositions: number): Promise<WordTableModel> {
  const { words, vocabularySize, tableWidth, width, file } = foreign
  const { table, dequantize } = words
  const dtype = DTYPES.get(table.dataType)
  if (!dtype) unread(`its values are of ONNX's type ${table.dataType}`)
  if ((dtype === 'I8') !== (dequantize !== null)) unread('its values are not scaled as the table of words is')
  const loose: WeightsFile[] = []
  const stored = (
    tensor: TensorProto,
    name: string,
    dtype: TensorDtype,
    shape: readonly number[],
  ): StoredTensor => {
    const place = dataPlaceOf(tensor)
    if (place) return { name, dtype, shape, ...place }
    const bytes = bytesOf(tensor)
    loose.push({ name, blob: new Blob([bytes]) })
    return { name, dtype, shape, fileName: name, offset: 0, length: bytes.length }
  }
  const tensors = [stored(table, TABLE_NAME, dtype, [vocabularySize, tableWidth])]
  if (dequantize) {
    const scales = scalesOf(foreign)
    const scaleName = scaleNameOf(TABLE_NAME)
    if (scales.dims.length === 1) {
      tensors.push(stored(scales, scaleName, 'F32', [vocabularySize, 1]))
    } else {
      const all = new Float32Array(vocabularySize).fill(await onlyValueOf(scales, file.files))
      loose.push({ name: scaleName, blob: new Blob([all]) })
      const place = { fileName: scaleName, offset: 0, length: all.byteLength }
      tensors.push({ name: scaleName, dtype: 'F32', shape: [vocabularySize, 1], ...place })
    }
  }
  const projection = tableProjectionIn(foreign)
  const layout = projection?.layout ?? null
  const reads = width === tableWidth || projection !== null
  if (projection) {
    const { weight, bias } = projection
    tensors.push(stored(weight.tensor, PROJECTION_WEIGHT, weight.dtype, weight.tensor.dims.map(Number)))
    tensors.push(stored(bias.tensor, PROJECTION_BIAS, bias.dtype, [width]))
  }
  const named = new Set(tensors.map(({ fileName }) => fileName))
  const files = [...file.files, ...loose].filter(({ name }) => named.has(name))
  return {
    config: {
      family: 'word table',
      vocabularySize,
      width: reads ? width : tableWidth,
      layers: 1,
      heads: 1,
      intermediate: 1,
      maxPositions,
      activation: 'silu',
      normEpsilon: 0,
      statedHead: null,
      tiedHead: false,
      padTokenId: null,
      labels: [],
    },
    checkpoint: { files, tensors: new Map(tensors.map((tensor) => [tensor.name, tensor])) },
    transformerOf: (builder, config, checkpoint) =>
      new WordTableAlone({ builder, config, checkpoint }, tableWidth, layout),
    reads,
  }
}

/** Returns float [V], one for each row, or a scalar for all. */
function scalesOf({ words: { dequantize, table }, index }: ForeignGraph): TensorProto {
  const [, scaleName = '', zeroName = ''] = dequantize?.input ?? []
  const scales = index.initializers.get(scaleName)
  if (scales?.dataType !== TensorProto_DataType.FLOAT) unread('its scales are not fp32')
  const byRow = scales.dims.length === 1 && scales.dims[0] === table.dims[0]
  const axis = dequantize && Number(attributeOf(dequantize, 'axis')?.i ?? 1)
  if (scales.dims.length > 0 && (!byRow || axis !== 0)) unread('it has not one scale for each row')
  const zeros = index.initializers.get(zeroName)
  if (zeroName !== '' && !(zeros && bytesOf(zeros).every((byte) => byte === 0))) unread('it has zero points')
  return scales
}

function bytesOf(tensor: TensorProto): Uint8Array<ArrayBuffer> {
  const { rawData, floatData, int32Data, dataType } = tensor
  if (dataPlaceOf(tensor)) unread('its zero points are too many to compare')
  if (rawData.length > 0) return new Uint8Array(rawData)
  if (dataType === TensorProto_DataType.FLOAT) return new Uint8Array(Float32Array.from(floatData).buffer)
  if (dataType === TensorProto_DataType.INT8) return new Uint8Array(Int8Array.from(int32Data).buffer)
  return new Uint8Array(Uint16Array.from(int32Data).buffer)
}

async function onlyValueOf(scale: TensorProto, files: readonly WeightsFile[]): Promise<number> {
  const place = dataPlaceOf(scale)
  const file = files.find(({ name }) => name === place?.fileName)
  const bytes =
    place && file
      ? await file.blob.slice(place.offset, place.offset + 4).arrayBuffer()
      : bytesOf(scale).buffer
  return new DataView(bytes).getFloat32(0, true)
}
