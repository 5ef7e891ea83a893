import { Gunzip } from 'fflate'
import { FailureError, fail } from '../../core/failure'
import { bytesOf, chunksOf } from './encoding/blobText'

/** Largest unpacked text; a small file can unpack to more than any machine holds. */
const MAX_BYTES = 4 * 2 ** 30

export const isGzip = (head: Uint8Array) => head[0] === 0x1f && head[1] === 0x8b

/**
 * Unpacks a gzip file, of one member or several.
 *
 * @throws FailureError `damaged-file`, or `out-of-memory` beyond 4 GB
 */
export async function gunzipBlob(blob: Blob, name: string): Promise<Blob> {
  const parts: Blob[] = []
  let bytes = 0
  let member = 0
  const unpacking = new Gunzip((chunk) => {
    bytes += chunk.byteLength
    if (chunk.byteLength > 0) parts.push(new Blob([new Uint8Array(chunk)]))
  })
  unpacking.onmember = () => {
    member = bytes
  }
  try {
    for await (const chunk of chunksOf(blob, name)) {
      unpacking.push(chunk)
      if (bytes > MAX_BYTES) {
        fail('out-of-memory', `${name} unpacks to more than 4 GB.`, { advice: 'Choose a part of it.' })
      }
    }
    unpacking.push(new Uint8Array(0), true)
  } catch (cause) {
    if (cause instanceof FailureError) throw cause
    throw damaged(name, cause)
  }
  // A member ends with its own size, modulo 2^32: unpacking alone does not notice that the end is missing.
  const end = new DataView(await bytesOf(blob, name, Math.max(0, blob.size - 4)))
  if (end.byteLength < 4 || end.getUint32(0, true) !== (bytes - member) % 2 ** 32) throw damaged(name)
  return new Blob(parts)
}

const damaged = (name: string, cause?: unknown) =>
  new FailureError(
    {
      kind: 'damaged-file',
      message: `${name} cannot be unpacked with gzip: it is cut short or damaged.`,
      kept: 'Nothing of it was read.',
      advice: 'Fetch or pack it again.',
    },
    { cause },
  )
