import { sha256 } from '@noble/hashes/sha2.js'
import { bytesToHex } from '@noble/hashes/utils.js'
import { toHex } from '../../../core/digest'
import { type Failure, FailureError, fail } from '../../../core/failure'
import { formatBytesOf } from '../../../core/formatBytes'
import { readBytes } from '../responseBody'
import { pauseAfter, waitFor } from '../retry'
import { PART_BYTES, type SavableFile, type SavedFiles } from '../savedFiles'
import { HUB, type HubName } from './hubName'
import { ATTEMPTS, askHub, type HubOptions, networkGone, requestHub } from './hubRequest'

/** Writes a file into the cache as it arrives: part by part, and hashed at once. */
class PartWriter {
  readonly #id: string
  readonly #file: SavableFile
  readonly #hash = sha256.create()
  readonly #parts: Blob[] = []
  #cache: SavedFiles | null
  #part: Uint8Array<ArrayBuffer>
  #filled = 0
  /** Bytes in parts, those in `#part` not counted. */
  #written = 0
  /** Reason why the file is not saved for the next visit. */
  notKept: Failure | null = null

  constructor(id: string, file: SavableFile, cache: SavedFiles | null) {
    this.#id = id
    this.#file = file
    this.#cache = cache
    this.#part = new Uint8Array(Math.min(PART_BYTES, file.bytes))
  }

  get received(): number {
    return this.#written + this.#filled
  }

  /** Returns the number of bytes that the next visit will find. */
  get kept(): number {
    return this.#cache ? this.#written : 0
  }

  get blob(): Blob {
    return new Blob(this.#parts)
  }

  /** Takes over what an earlier download left. */
  async resume(parts: readonly Blob[]): Promise<void> {
    for (const part of parts) {
      this.#hash.update(new Uint8Array(await part.arrayBuffer()))
      this.#parts.push(part)
      this.#written += part.size
    }
  }

  async add(bytes: Uint8Array): Promise<void> {
    for (let at = 0; at < bytes.length; ) {
      const taken = Math.min(this.#part.length - this.#filled, bytes.length - at)
      this.#part.set(bytes.subarray(at, at + taken), this.#filled)
      this.#filled += taken
      at += taken
      if (this.#filled === this.#part.length || this.received === this.#file.bytes) await this.#flush()
    }
  }

  async #flush(): Promise<void> {
    const bytes = this.#part.subarray(0, this.#filled)
    this.#hash.update(bytes)
    this.#parts.push(await this.#keep(new Blob([bytes])))
    this.#written += this.#filled
    this.#filled = 0
  }

  async #keep(part: Blob): Promise<Blob> {
    try {
      return (await this.#cache?.write(this.#id, this.#file, this.#parts.length, part)) ?? part
    } catch {
      // A full disk or a denied quota: the page goes on with what is in memory.
      this.#cache = null
      this.notKept = {
        kind: 'storage',
        message: `The browser has no room to keep ${this.#file.path}.`,
        kept: 'It is open, and will have to be fetched again the next time.',
        advice: 'Delete kept models that are no longer used.',
      }
      return part
    }
  }

  sha256(): string {
    return bytesToHex(this.#hash.digest())
  }
}

/** Returns the byte of the file at which an answer begins. */
function startOf(response: Response, file: SavableFile, asked: number): number {
  if (response.status !== 206) return 0
  // A storage may hide the header from pages; then it is trusted, and the hash tells.
  const range = /^bytes (\d+)-\d+\/(\d+|\*)$/.exec(response.headers.get('content-range') ?? '')
  if (!range) return asked
  if (range[2] !== '*' && Number(range[2]) !== file.bytes) refuseLength(file, Number(range[2]))
  return Number(range[1])
}

function refuseLength({ path, bytes }: SavableFile, found: number): never {
  fail('damaged-file', `${path} has ${found} bytes on the hub, which says that it has ${bytes}.`, {
    advice: 'Try again later.',
  })
}

/**
 * Writes one request's bytes at the writer's position. A server without ranges sends the whole file again: the bytes
 * already known are skipped.
 */
async function receive(
  response: Response,
  file: SavableFile,
  writer: PartWriter,
  onBytes: () => void,
): Promise<void> {
  const start = startOf(response, file, writer.received)
  let skip = writer.received - start
  if (skip < 0) fail('network', `The hub left out a part of ${file.path}.`, { advice: 'Try again.' })
  if (!response.body) return
  const reader = response.body.getReader()
  try {
    for (;;) {
      const { done, value } = await reader.read()
      if (done) return
      const fresh = value.subarray(Math.min(skip, value.length))
      skip -= value.length - fresh.length
      if (writer.received + fresh.length > file.bytes) refuseLength(file, writer.received + fresh.length)
      await writer.add(fresh)
      onBytes()
    }
  } finally {
    reader.cancel().catch(() => undefined)
  }
}

async function hashOf(file: SavableFile, writer: PartWriter): Promise<string | null> {
  if (file.sha256) return writer.sha256()
  if (!file.blobSha1) return null
  const blob = new Blob([`blob ${file.bytes}\0`, writer.blob])
  return toHex(await crypto.subtle.digest('SHA-1', await blob.arrayBuffer()))
}

function urlOf(
  { id, commit }: HubName & { readonly commit: string },
  { path }: SavableFile,
  { base = HUB }: HubOptions,
): string {
  return `${base}/${id}/resolve/${commit}/${path.split('/').map(encodeURIComponent).join('/')}`
}

const unvouched = ({ path }: SavableFile): Failure => ({
  kind: 'storage',
  message: `The hub states no hash for ${path}, so that it could not be checked.`,
  kept: 'It is open, and will have to be fetched again the next time.',
})

export interface HubDownload {
  readonly blob: Blob
  /** Reason why the next visit has to download it again; null where it is saved. */
  readonly notKept: Failure | null
}

/**
 * Reads a file of the hub from the cache, else from the network, and checks it against the hub's own hash before it is
 * used: sha256 of large files, git's sha1 of small ones. It continues an earlier partial download, and a broken
 * connection from where it broke (`Range`). A file of which the hub states no hash is fetched anew each time.
 *
 * There is no `If-Range`: it would make browsers ask the hub's storage for leave first (a CORS preflight), which that
 * refuses. It is not needed either: the address holds the commit, and the hash is of the whole file.
 *
 * @param onProgress bytes of this file that are there
 * @throws FailureError `network`, `missing-file`, `damaged-file`; an AbortError when the signal aborts. Parts that were
 *   received stay in the cache, except of a file whose hash is wrong
 */
export async function downloadHubFile(
  plan: HubName & { readonly commit: string },
  file: SavableFile,
  saved: SavedFiles | null,
  options: HubOptions,
  onProgress: (bytes: number) => void = () => undefined,
): Promise<HubDownload> {
  const { signal, wait = waitFor } = options
  const stated = file.sha256 ?? file.blobSha1 ?? null
  // A file without a stated hash is neither saved nor read from the saved files: it could be of another commit, or damaged.
  const cache = stated === null ? null : saved
  const kept = await cache?.read(plan.id, file)
  onProgress(kept?.bytes ?? 0)
  if (kept?.complete) return { blob: new Blob([...kept.parts]), notKept: null }
  const writer = new PartWriter(plan.id, file, cache)
  await writer.resume(kept?.parts ?? [])
  let failures = 0
  while (writer.received < file.bytes) {
    const before = writer.received
    const headers: Record<string, string> = before > 0 ? { range: `bytes=${before}-` } : {}
    const response = await requestHub(urlOf(plan, file, options), plan, file.path, options, headers)
    try {
      await receive(response, file, writer, () => onProgress(writer.received))
    } catch (thrown) {
      signal?.throwIfAborted()
      if (thrown instanceof FailureError) throw thrown
    }
    if (writer.received === file.bytes) break
    failures = writer.received > before ? 1 : failures + 1
    if (failures === ATTEMPTS) {
      throw networkGone(file.path, `${formatBytesOf(writer.kept, file.bytes)} are kept.`)
    }
    await wait(pauseAfter(failures), signal)
  }
  if (stated === null) return { blob: writer.blob, notKept: unvouched(file) }
  const hash = await hashOf(file, writer)
  if (hash !== stated) {
    await cache?.forget(plan.id, file)
    fail(
      'damaged-file',
      `${file.path} did not arrive as the hub has it: its hash is ${hash?.slice(0, 12)}….`,
      {
        kept: 'What is open stays open; nothing of this file is kept.',
        advice: 'Try again.',
      },
    )
  }
  if (!writer.notKept) await cache?.seal(plan.id, file).catch(() => undefined)
  return { blob: writer.blob, notKept: writer.notKept }
}

/**
 * Reads some bytes of a file of the hub from the saved part, else by a request for them alone. They are not saved and
 * no hash checks them: they only help decide whether to fetch the whole file.
 *
 * @throws FailureError as downloadHubFile does
 */
export async function readHubRange(
  plan: HubName & { readonly commit: string },
  file: SavableFile,
  [start, end]: readonly [number, number],
  saved: SavedFiles | null,
  options: HubOptions,
): Promise<Blob> {
  const last = Math.min(end, file.bytes)
  const kept = await saved?.read(plan.id, file)
  if (kept && kept.bytes >= last) return new Blob([...kept.parts]).slice(start, last)
  const headers = { range: `bytes=${start}-${last - 1}` }
  return askHub(urlOf(plan, file, options), plan, file.path, options, headers, async (response) => {
    const { blob, whole } = await readBytes(response, [start, last])
    if (!whole) throw new TypeError('The connection broke.')
    return blob
  })
}
