import { BinaryReader, BinaryWriter, WireType } from '@bufbuild/protobuf/wire'
import { fail } from '../../core/failure'
import type { WeightsFile } from '../../weights/checkpoint'
import { damaged } from './refusals'

/** Values of this many bytes or more stay in the file; shapes and other small constants come along. */
const LARGE_BYTES = 1024

/**
 * Most bytes of a graph without its large tensors: torch.export's, with a stack trace at each node, take 0.13 MB a
 * layer.
 */
const MAX_GRAPH_BYTES = 16 * 2 ** 20

/** Fields that are looked at one by one: nodes, tensors, and what is in the large ones. */
const MAX_FIELDS = 200_000

/** Deepest nesting; a graph inside a node inside a graph counts three. */
const MAX_DEPTH = 48

/** The longest tag and length that a field can begin with. */
const MAX_HEADER_BYTES = 15

const WINDOW_BYTES = 2 ** 18

/** Names the contents of a field that may be large: a message to read into, or a tensor's values. */
type Content = 'graph' | 'node' | 'attribute' | 'tensor' | 'function' | 'values'

/** Field numbers of onnx.proto (../schema) on the way to the values. Values stored as varints cannot be pointed to. */
const FIELDS: Readonly<Record<Content | 'model', Readonly<Record<number, Content>>>> = {
  model: { 7: 'graph', 25: 'function' },
  graph: { 1: 'node', 5: 'tensor' },
  node: { 5: 'attribute' },
  attribute: { 5: 'tensor', 6: 'graph', 10: 'tensor', 11: 'graph' },
  /** float_data, raw_data, double_data: packed, they are the raw little-endian values. */
  tensor: { 4: 'values', 9: 'values', 10: 'values' },
  function: { 7: 'node' },
  values: {},
}

const EXTERNAL_DATA = 13
const DATA_LOCATION = 14
const EXTERNAL = 1

/**
 * Returns the bytes of an ONNX file without its large tensors, which point back into the file as external data: a
 * protobuf writes a tensor's values in one piece, so that an offset and a length are enough. Only the rest is read.
 *
 * @returns bytes of a ModelProto
 * @throws FailureError `damaged-file` where the file is no protobuf; `unsupported-model` where the rest is too large
 */
export async function skimModel({ name, blob }: WeightsFile): Promise<Uint8Array> {
  const window = new BlobWindow(blob)
  const writer = new BinaryWriter()
  let bytesLeft = MAX_GRAPH_BYTES
  let fieldsLeft = MAX_FIELDS

  function spend(bytes: number): void {
    bytesLeft -= bytes
    fieldsLeft--
    if (bytesLeft < 0 || fieldsLeft < 0) {
      fail('unsupported-model', `${name} has too large a graph: more than 16 MB besides its weights.`, {
        advice: 'Export the model with its weights as initializers.',
      })
    }
  }

  function pointTo(offset: number, length: number): void {
    const entries = { location: name, offset: String(offset), length: String(length) }
    for (const [key, value] of Object.entries(entries)) {
      writer.tag(EXTERNAL_DATA, WireType.LengthDelimited).fork()
      writer.tag(1, WireType.LengthDelimited).string(key)
      writer.tag(2, WireType.LengthDelimited).string(value)
      writer.join()
    }
    writer.tag(DATA_LOCATION, WireType.Varint).int32(EXTERNAL)
  }

  async function skimMessage(
    start: number,
    end: number,
    fields: Readonly<Record<number, Content>>,
    depth: number,
  ) {
    if (depth > MAX_DEPTH) damaged(`The graphs in ${name} lie too deep in each other.`)
    for (let position = start; position < end; ) {
      const field = headerOf(await window.read(position, Math.min(end, position + MAX_HEADER_BYTES)), name)
      const valueStart = position + field.headerBytes
      const valueEnd = valueStart + field.valueBytes
      if (valueEnd > end) damaged(`A field of ${name} reaches beyond its end.`)
      const content = field.type === WireType.LengthDelimited ? fields[field.number] : undefined
      if (content && field.valueBytes >= LARGE_BYTES) {
        if (content === 'values') {
          spend(MAX_HEADER_BYTES)
          pointTo(valueStart, field.valueBytes)
        } else {
          writer.tag(field.number, WireType.LengthDelimited).fork()
          await skimMessage(valueStart, valueEnd, FIELDS[content], depth + 1)
          writer.join()
        }
      } else {
        spend(valueEnd - position)
        writer.raw(await window.read(position, valueEnd))
      }
      position = valueEnd
    }
  }

  if (blob.size === 0) damaged(`${name} is empty.`)
  await skimMessage(0, blob.size, FIELDS.model, 0)
  return writer.finish()
}

interface FieldHeader {
  readonly number: number
  readonly type: WireType
  readonly headerBytes: number
  readonly valueBytes: number
}

function headerOf(bytes: Uint8Array, name: string): FieldHeader {
  const reader = new BinaryReader(bytes)
  try {
    const [number, type] = reader.tag()
    const tagBytes = reader.pos
    if (type === WireType.LengthDelimited) {
      const valueBytes = Number(reader.uint64())
      return { number, type, headerBytes: reader.pos, valueBytes }
    }
    if (type !== WireType.StartGroup && type !== WireType.EndGroup) {
      reader.skip(type)
      return { number, type, headerBytes: tagBytes, valueBytes: reader.pos - tagBytes }
    }
  } catch {
    // Said below.
  }
  damaged(`${name} is not an ONNX file, or is damaged.`)
}

/** Reads of a file in the order in which they lie, a window at a time. */
class BlobWindow {
  readonly #blob: Blob
  #start = 0
  #bytes = new Uint8Array(0)

  constructor(blob: Blob) {
    this.#blob = blob
  }

  async read(start: number, end: number): Promise<Uint8Array> {
    if (start < this.#start || end > this.#start + this.#bytes.length) {
      const windowEnd = Math.max(end, Math.min(start + WINDOW_BYTES, this.#blob.size))
      this.#bytes = new Uint8Array(await this.#blob.slice(start, windowEnd).arrayBuffer())
      this.#start = start
    }
    return this.#bytes.subarray(start - this.#start, end - this.#start)
  }
}
