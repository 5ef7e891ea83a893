import type { LoadProgress } from '../../core/explorer'
import { FailureError, fail } from '../../core/failure'
import { formatBytes } from '../../core/formatBytes'
import type { ModelPlan, UrlSource } from '../../core/modelSource'
import { checkDescription } from '../checkDescription'
import { modelTypeOf } from '../modelFamily'
import type { ModelFiles } from '../modelFiles'
import { chooseFiles } from './chooseFiles'
import type { FolderFile, ModelFolder, ReadOptions } from './modelFolder'
import { chosenFiles, readFolder, type TokenizerFolder } from './readFolder'
import { readBody, readBytes } from './responseBody'
import { type HostManner, mayPass, pauseAfter, type RetryOptions, requestPatiently, waitFor } from './retry'

const KEPT = 'The model that was open stays open.'
/** Attempts without a further byte after which a download is given up. */
const ATTEMPTS = 3
/** Longest wait that a host may ask for, s. */
const MAX_WAIT_SECONDS = 60
const BY_HAND = 'Download its files and drop the folder here; a model of the hub opens by its name.'

/**
 * Returns the folder of an address on the page's own origin: the page's Content-Security-Policy lets it ask nobody else
 * but the hub.
 *
 * @param page address that a relative one counts from
 * @throws FailureError `invalid-request`
 */
export function folderAddress(text: string, page: string): URL {
  let url: URL
  try {
    url = new URL(text.endsWith('/') ? text : `${text}/`, page)
  } catch {
    return fail('invalid-request', `“${text.slice(0, 120)}” is no address.`, { kept: KEPT, advice: BY_HAND })
  }
  if (url.origin !== new URL(page).origin) {
    fail(
      'invalid-request',
      `${url.host} is another host: this page's Content-Security-Policy lets it fetch only from its own address and ` +
        'from the Hugging Face hub.',
      { kept: KEPT, advice: BY_HAND },
    )
  }
  return url
}

/** Says whether a file is absent; some servers answer every address with their start page. */
const isAbsent = ({ ok, status, headers }: Response) =>
  status === 404 || status === 410 || (ok && headers.get('content-type')?.startsWith('text/html') === true)

const gone = ({ host, pathname }: URL) =>
  new FailureError({
    kind: 'network',
    message: `${pathname} could not be fetched: ${host} did not answer.`,
    kept: KEPT,
    advice: 'Check the connection and try again.',
  })

/** @returns null where the host has no such file */
async function ask(url: URL, init: RequestInit): Promise<Response | null> {
  const response = await fetch(url, init).catch(() => {
    init.signal?.throwIfAborted()
    throw gone(url)
  })
  return isAbsent(response) ? null : response
}

const refuse = ({ host, pathname }: URL, { status }: Response) =>
  fail('network', `${host} does not give out ${pathname}: it answered ${status}.`, { kept: KEPT })

const absent = ({ host, pathname }: URL) =>
  fail('missing-file', `${host} has no ${pathname}.`, { kept: KEPT })

const mannerOf = (url: URL): HostManner => ({
  attempts: ATTEMPTS,
  maxWaitSeconds: MAX_WAIT_SECONDS,
  passes: mayPass,
  refuse: async (response) => (isAbsent(response) ? absent(url) : refuse(url, response)),
  gone: () => gone(url),
})

/** Returns the name of a file's present contents; null where the host gives none, or the bytes are those of a packing. */
const versionOf = ({ headers }: Response) =>
  headers.has('content-encoding') ? null : (headers.get('etag') ?? headers.get('last-modified'))

/** Says whether an answer is the rest of a file from a byte on. */
const isRest = ({ status, headers }: Response, from: number) =>
  status === 206 && headers.get('content-range')?.startsWith(`bytes ${from}-`) === true

/** Returns the length of the stored file; a compressed answer has another length. */
function toldLength({ ok, status, headers }: Response): number | null {
  const told =
    status === 206 || status === 416
      ? headers.get('content-range')?.split('/')[1]
      : ok && !headers.has('content-encoding') && headers.get('content-length')
  return told && /^\d+$/.test(told) ? Number(told) : null
}

const cutOff = (path: string, bytes: number) =>
  fail('network', `${path} was cut off after ${formatBytes(bytes)}.`, {
    kept: KEPT,
    advice: 'Check the connection and try again.',
  })

/** Reads a folder at an address whose host does not list it: names are tried, by their headers alone. */
export class AddressFolder implements ModelFolder {
  readonly local = false
  readonly name: string
  readonly #url: URL
  readonly #signal: AbortSignal | undefined
  readonly #wait: NonNullable<RetryOptions['wait']>
  readonly #found = new Map<string, Promise<FolderFile | null>>()
  /** Small files that were read to decide. */
  readonly #read = new Map<string, Blob>()

  constructor(url: URL, { signal, wait = waitFor }: Pick<RetryOptions, 'signal' | 'wait'> = {}) {
    this.#url = url
    this.#signal = signal
    this.#wait = wait
    this.name = url.href
  }

  async list(): Promise<null> {
    return null
  }

  find(path: string): Promise<FolderFile | null> {
    const found = this.#found.get(path) ?? this.#findFile(path)
    this.#found.set(path, found)
    return found
  }

  /** Looks a file up without its contents: by its headers alone, else by those of its first byte. */
  async #findFile(path: string): Promise<FolderFile | null> {
    const url = new URL(path, this.#url)
    const signal = this.#signal
    if (path === 'config.json') return this.#fetchSmall(path, url)
    const head = await ask(url, { method: 'HEAD', signal })
    if (!head) return null
    const bytes = toldLength(head)
    if (bytes !== null) return { path, bytes }
    const first = await ask(url, { headers: { range: 'bytes=0-0' }, signal })
    await first?.body?.cancel()
    if (first && !first.ok && first.status !== 416) refuse(url, first)
    return first && { path, bytes: toldLength(first) }
  }

  /** Fetches config.json whole, since it is always needed. */
  async #fetchSmall(path: string, url: URL): Promise<FolderFile | null> {
    const response = await ask(url, { signal: this.#signal })
    if (!response) return null
    if (!response.ok) refuse(url, response)
    const blob = await response.blob()
    this.#read.set(path, blob)
    return { path, bytes: blob.size }
  }

  async read({ path }: FolderFile, { range, onBytes }: ReadOptions = {}): Promise<Blob> {
    const known = this.#read.get(path)
    if (known) {
      onBytes?.(known.size)
      return range ? known.slice(...range) : known
    }
    const url = new URL(path, this.#url)
    if (!range) return this.#readWhole(path, url, (bytes) => onBytes?.(bytes))
    const response = await this.#request(url, { range: `bytes=${range[0]}-${range[1] - 1}` })
    const { blob, whole } = await readBytes(response, range)
    this.#signal?.throwIfAborted()
    return whole ? blob : cutOff(path, blob.size)
  }

  /** Asks for a file; what fails in passing is tried again. */
  async #request(url: URL, headers: Readonly<Record<string, string>>): Promise<Response> {
    const options = { signal: this.#signal, wait: this.#wait }
    const response = await requestPatiently(url.href, { headers }, mannerOf(url), options, (answer) => answer)
    return isAbsent(response) ? absent(url) : response
  }

  /**
   * Reads a whole file. A connection that breaks goes on from where it broke, if the host has the same file still, else
   * from the beginning.
   */
  async #readWhole(path: string, url: URL, onBytes: (bytes: number) => void): Promise<Blob> {
    let received = new Blob()
    let version: string | null = null
    let failures = 0
    for (;;) {
      const before = received.size
      const from = version === null ? 0 : before
      const response = await this.#request(url, from > 0 ? { range: `bytes=${from}-` } : {})
      const goesOn = from > 0 && isRest(response, from) && versionOf(response) === version
      if (response.status === 206 && !goesOn) {
        await response.body?.cancel()
        version = null
        continue
      }
      const former = goesOn ? received : new Blob()
      version = versionOf(response)
      const { blob, whole } = await readBody(response, (bytes) => onBytes(former.size + bytes))
      this.#signal?.throwIfAborted()
      received = new Blob([former, blob])
      if (whole) return received
      failures = received.size > before ? 1 : failures + 1
      if (failures === ATTEMPTS) cutOff(path, received.size)
      await this.#wait(pauseAfter(failures), this.#signal)
    }
  }
}

/**
 * Says what would be fetched for a model at an address, with sizes as far as its host tells them. Fetches config.json and
 * the index files of shards, nothing else.
 *
 * @param page address that a relative one counts from
 * @throws FailureError `invalid-request` (another host), `missing-file`, `damaged-file`, `network`; an AbortError when the
 *   signal aborts
 */
export async function planAddress(
  source: UrlSource,
  page: string,
  signal?: AbortSignal,
): Promise<ModelPlan<UrlSource>> {
  const url = folderAddress(source.url, page)
  const { tokenizer } = source
  const choice = await chooseFiles(new AddressFolder(url, { signal }), {
    otherTokenizer: tokenizer !== undefined,
  })
  const files = chosenFiles(choice)
  return {
    source: { kind: 'url', url: url.href, ...(tokenizer && { tokenizer }) },
    commit: null,
    files: files.map(({ path, bytes }) => ({ path, bytes })),
    bytes: files.reduce((sum, { bytes }) => sum + (bytes ?? 0), 0),
    keptBytes: 0,
    format: choice.format,
    family: modelTypeOf(choice.configJson),
    offline: false,
  }
}

export interface FetchAddressOptions {
  readonly tokenizerFrom?: TokenizerFolder
  readonly onProgress?: (progress: LoadProgress) => void
  /** Address that a relative one counts from. */
  readonly page?: string
  /** Waits before a request is made again. */
  readonly wait?: RetryOptions['wait']
}

/**
 * Fetches a model folder of the hub's layout from an address of any host that lets the page ask it.
 *
 * @param url with a slash at the end
 * @throws FailureError `missing-file`, `damaged-file`, `unsupported-model`; `network` where the connection breaks
 */
export const fetchFolder = (
  url: URL,
  onProgress?: (progress: LoadProgress) => void,
  tokenizerFrom?: TokenizerFolder,
  wait?: RetryOptions['wait'],
): Promise<ModelFiles> =>
  readFolder(new AddressFolder(url, { wait }), { onProgress, tokenizerFrom, check: checkDescription })

/**
 * Fetches a model folder from an address on the page's own origin.
 *
 * @throws FailureError as planAddress and fetchFolder do
 */
export async function fetchAddressModel(
  source: UrlSource,
  { onProgress, tokenizerFrom, wait, page = globalThis.location.href }: FetchAddressOptions = {},
): Promise<ModelFiles> {
  return fetchFolder(folderAddress(source.url, page), onProgress, tokenizerFrom, wait)
}
