/** The files of one model, fetched or read, not yet understood. */
export interface ModelFiles {
  readonly id: string
  readonly config: unknown
  readonly tokenizer: unknown
  readonly tokenizerConfig: unknown
  readonly weights: Blob
  readonly weightsName: string
  /** sha256 of `weights`, lower-case hex. */
  readonly sha256: string
}

/** sha256 of a file, lower-case hex. */
export async function sha256Of(blob: Blob): Promise<string> {
  const digest = await crypto.subtle.digest('SHA-256', await blob.arrayBuffer())
  return Array.from(new Uint8Array(digest), (byte) => byte.toString(16).padStart(2, '0')).join('')
}
