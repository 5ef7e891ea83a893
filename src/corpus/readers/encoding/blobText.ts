import { FailureError } from '../../../core/failure'
import { createTextDecoding } from './textEncoding'

/** Number of bytes at a file's beginning that decide its format. */
export const HEAD_BYTES = 256 * 1024

/** Largest chunk, bytes: the stream of a blob in memory gives it in one piece. */
const CHUNK_BYTES = 256 * 1024

export interface TextChunk {
  readonly text: string
  /** Number of bytes of the file read so far. */
  readonly bytesRead: number
}

const unreadable = (name: string, cause: unknown) =>
  new FailureError(
    {
      kind: 'missing-file',
      message: `${name} can no longer be read: it was moved, changed or removed since it was chosen.`,
      kept: 'What was read before is kept.',
      advice: 'Choose the file again.',
    },
    { cause },
  )

/** Returns a part of a blob as bytes. */
export async function bytesOf(blob: Blob, name: string, start = 0, end = blob.size): Promise<ArrayBuffer> {
  try {
    return await blob.slice(start, end).arrayBuffer()
  } catch (cause) {
    throw unreadable(name, cause)
  }
}

/** Gives a blob's bytes in small chunks; leaving early cancels the stream. */
export async function* chunksOf(blob: Blob, name: string): AsyncGenerator<Uint8Array> {
  const reader = blob.stream().getReader()
  try {
    for (;;) {
      const { done, value } = await reader.read().catch((cause: unknown) => {
        throw unreadable(name, cause)
      })
      if (done) return
      for (let at = 0; at < value.length; at += CHUNK_BYTES) yield value.subarray(at, at + CHUNK_BYTES)
    }
  } finally {
    await reader.cancel().catch(() => undefined)
  }
}

/** Reads a text file as a stream: at no time is more than a chunk of it in memory. */
export interface BlobText {
  readonly name: string
  readonly size: number
  /** First HEAD_BYTES, decoded; its line breaks are `\n`. */
  readonly head: string
  /** True if lines end in `\r` alone, as on old machines. */
  readonly loneReturns: boolean
  /** True if `head` is the whole file. */
  readonly headIsAll: boolean
  encoding(): string
  /** Sentence that names another encoding that is as likely; null if there is none. */
  readonly encodingDoubt: string | null
  /** @param keepReturns gives `\r` through; else line breaks are `\n`, whatever they were in the file */
  chunks(keepReturns?: boolean): AsyncGenerator<TextChunk>
}

/** Returns a function that drops the byte order mark and makes line breaks `\n`, across the borders of chunks too. */
function createNormalizer(keepReturns = false) {
  let begun = false
  let heldReturn = false
  return (text: string, last: boolean): string => {
    if (!begun && text.length > 0) {
      begun = true
      if (text.charCodeAt(0) === 0xfeff) text = text.slice(1)
    }
    if (keepReturns) return text
    if (heldReturn) text = `\r${text}`
    heldReturn = !last && text.endsWith('\r')
    if (heldReturn) text = text.slice(0, -1)
    return text.includes('\r') ? text.replace(/\r\n?/g, '\n') : text
  }
}

/**
 * Opens a text file whose first bytes are already read.
 *
 * @param head the first HEAD_BYTES of the blob
 * @param asked a label of the Encoding Standard; what the bytes show where none is asked for
 */
export function openBlobText(blob: Blob, name: string, head: Uint8Array, asked?: string): BlobText {
  const headIsAll = head.length >= blob.size
  const sniffing = createTextDecoding(head, headIsAll, asked)
  const decoded = sniffing.decode(head)
  const headText = createNormalizer()(decoded, true)
  let encoding = sniffing.encoding()
  return {
    name,
    size: blob.size,
    head: headText,
    loneReturns: decoded.includes('\r') && !decoded.includes('\n'),
    headIsAll,
    encoding: () => encoding,
    encodingDoubt: sniffing.doubt(),
    async *chunks(keepReturns) {
      const decoding = createTextDecoding(head, headIsAll, asked)
      const normalize = createNormalizer(keepReturns)
      let bytesRead = 0
      for await (const bytes of chunksOf(blob, name)) {
        bytesRead += bytes.byteLength
        const text = normalize(decoding.decode(bytes), false)
        encoding = decoding.encoding()
        yield { text, bytesRead }
      }
      yield { text: normalize(decoding.end(), true), bytesRead }
      encoding = decoding.encoding()
    },
  }
}
