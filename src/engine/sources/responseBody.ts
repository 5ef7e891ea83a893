export interface Body {
  readonly blob: Blob
  /** False where the connection broke: `blob` is what had come by then. */
  readonly whole: boolean
}

/** Reads a body chunk by chunk, so that progress can be shown. */
export async function readBody(response: Response, onBytes: (bytes: number) => void): Promise<Body> {
  if (!response.body) return { blob: await response.blob(), whole: true }
  const chunks: Uint8Array<ArrayBuffer>[] = []
  let bytes = 0
  const reader = response.body.getReader()
  try {
    for (;;) {
      const { done, value } = await reader.read()
      if (done) return { blob: new Blob(chunks), whole: true }
      chunks.push(value as Uint8Array<ArrayBuffer>)
      bytes += value.byteLength
      onBytes(bytes)
    }
  } catch {
    return { blob: new Blob(chunks), whole: false }
  }
}

/**
 * Reads some bytes of an answer and ends it: a server that knows no ranges sends the whole file.
 *
 * @param start first byte in the file, where the answer may be the whole of it
 */
export async function readBytes(response: Response, [start, end]: readonly [number, number]): Promise<Body> {
  const skip = response.status === 206 ? 0 : start
  const wanted = skip + end - start
  if (!response.body) return { blob: (await response.blob()).slice(skip, wanted), whole: true }
  const chunks: Uint8Array<ArrayBuffer>[] = []
  let bytes = 0
  const reader = response.body.getReader()
  try {
    while (bytes < wanted) {
      const { done, value } = await reader.read()
      if (done) break
      chunks.push(value as Uint8Array<ArrayBuffer>)
      bytes += value.byteLength
    }
  } catch {
    return { blob: new Blob(chunks).slice(skip, wanted), whole: false }
  }
  reader.cancel().catch(() => undefined)
  return { blob: new Blob(chunks).slice(skip, wanted), whole: true }
}
