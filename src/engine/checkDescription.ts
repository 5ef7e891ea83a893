import { writeEncoderGraph } from '../onnx/encoderGraph'
import { parseModelConfig } from '../onnx/families'
import { writeWordTableGraph } from '../onnx/tables/wordTableGraph'
import { type HeaderFile, readHeaders } from '../weights/checkpoint'
import { tokenizerSourceOf } from './modelFiles'
import { refuseOtherKind } from './sources/fileKinds'
import type { ModelDescription, NamedFile } from './sources/readFolder'
import { tokenizerObject } from './tokenizer/tokenizerObject'

/** Headers of most models fit: 400 tensors have about 40 kB. */
const FIRST_BYTES = 64 * 2 ** 10
const LENGTH_BYTES = 8
/** The format's own limit for its JSON header. */
const MAX_HEADER_BYTES = 100_000_000

/** Fetches the header of a safetensors file and no byte more than it takes. */
async function fetchHeader({ name, bytes, read }: NamedFile): Promise<HeaderFile> {
  const size = bytes ?? Number.MAX_SAFE_INTEGER
  const start = await read(0, Math.min(size, FIRST_BYTES))
  await refuseOtherKind(name, start)
  const view = new DataView(await start.slice(0, LENGTH_BYTES).arrayBuffer())
  const headerBytes = view.byteLength === LENGTH_BYTES ? Number(view.getBigUint64(0, true)) : 0
  const end = LENGTH_BYTES + headerBytes
  const missing = end > start.size && headerBytes <= MAX_HEADER_BYTES && end <= size
  const header = missing ? await read(0, end) : start
  return { name, blob: { size, slice: (from, to) => header.slice(from, to) } }
}

/**
 * Decides whether a model can be opened, by its configuration, its tokenizer and the headers of its weights, before these
 * are fetched. ONNX files and torch's own are known only once they are here.
 *
 * @throws FailureError `unsupported-model` or `damaged-file` that says why it is refused
 */
export async function checkDescription(description: ModelDescription): Promise<void> {
  const { format, weights } = description
  if (format === 'onnx') return
  const config = parseModelConfig(description.config)
  tokenizerObject(tokenizerSourceOf(description))
  if (format !== 'safetensors') return
  const tensors = await readHeaders(await Promise.all(weights.map(fetchHeader)))
  const checkpoint = { files: [], tensors }
  writeEncoderGraph(config, checkpoint)
  writeWordTableGraph(config, checkpoint)
}
