import { fail } from '../core/failure'
import { BYTES_PER_ELEMENT, type TensorDtype, type TensorLocation } from './tensor'

/** Limit of the format itself for its JSON header. */
const MAX_HEADER_BYTES = 100_000_000

const LENGTH_BYTES = 8

function isDtype(value: unknown): value is TensorDtype {
  return typeof value === 'string' && Object.hasOwn(BYTES_PER_ELEMENT, value)
}

function isCount(value: unknown): value is number {
  return typeof value === 'number' && Number.isSafeInteger(value) && value >= 0
}

function damaged(message: string): never {
  fail('damaged-file', message, { advice: 'Fetch the file again, or export it anew with safetensors.' })
}

/** @param dataStart offset of the tensors' bytes in the file; `data_offsets` count from there */
function parseEntry(
  name: string,
  entry: unknown,
  dataStart: number,
  dataBytes: number,
): TensorLocation | null {
  if (typeof entry !== 'object' || entry === null) damaged(`Tensor ${name} has no description.`)
  const { dtype, shape, data_offsets: offsets } = entry as Record<string, unknown>
  if (!Array.isArray(shape) || !shape.every(isCount)) damaged(`Tensor ${name} has no valid shape.`)
  if (!Array.isArray(offsets) || offsets.length !== 2 || !offsets.every(isCount)) {
    damaged(`Tensor ${name} has no valid offsets.`)
  }
  const [begin, end] = offsets as [number, number]
  if (begin > end || end > dataBytes) {
    damaged(`Tensor ${name} lies outside the file: bytes ${begin} to ${end} of ${dataBytes}.`)
  }
  // Many files hold index buffers and the like besides the weights; only weights are used.
  if (!isDtype(dtype)) return null
  const elements = (shape as number[]).reduce((product, size) => product * size, 1)
  if (elements * BYTES_PER_ELEMENT[dtype] !== end - begin) {
    damaged(`Tensor ${name} of shape [${shape}] and type ${dtype} does not fill its ${end - begin} bytes.`)
  }
  return { name, dtype, shape: shape as number[], offset: dataStart + begin, length: end - begin }
}

/**
 * Reads the header of a safetensors file (https://huggingface.co/docs/safetensors, "Format"): 8 bytes of little-endian
 * length, that many bytes of JSON, then raw little-endian tensors. Only the header is read.
 *
 * @returns the tensors of known element types by name
 * @throws FailureError `damaged-file` where lengths, shapes or offsets contradict each other or the file
 */
export async function readSafetensorsHeader(
  file: Pick<Blob, 'size' | 'slice'>,
): Promise<ReadonlyMap<string, TensorLocation>> {
  if (file.size < LENGTH_BYTES) damaged(`The weights file has only ${file.size} bytes.`)
  const lengthBytes = new DataView(await file.slice(0, LENGTH_BYTES).arrayBuffer())
  const headerBytes = Number(lengthBytes.getBigUint64(0, true))
  const dataStart = LENGTH_BYTES + headerBytes
  if (headerBytes > MAX_HEADER_BYTES || dataStart > file.size) {
    damaged(`The weights file says that its header has ${headerBytes} bytes; the file has ${file.size}.`)
  }
  let header: unknown
  try {
    header = JSON.parse(await file.slice(LENGTH_BYTES, dataStart).text())
  } catch {
    damaged('The header of the weights file is not JSON.')
  }
  if (typeof header !== 'object' || header === null || Array.isArray(header)) {
    damaged('The header of the weights file is not a JSON object.')
  }
  const tensors = Object.entries(header)
    .filter(([name]) => name !== '__metadata__')
    .map(([name, entry]) => parseEntry(name, entry, dataStart, file.size - dataStart))
    .filter((tensor) => tensor !== null)
    .sort((a, b) => a.offset - b.offset)
  for (const [i, tensor] of tensors.entries()) {
    const former = tensors[i - 1]
    if (former && former.offset + former.length > tensor.offset) {
      damaged(`Tensors ${former.name} and ${tensor.name} overlap.`)
    }
  }
  return new Map(tensors.map((tensor) => [tensor.name, tensor]))
}
