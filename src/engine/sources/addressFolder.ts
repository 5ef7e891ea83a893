import type { LoadProgress } from '../../core/explorer'
import { fail } from '../../core/failure'
import type { ModelPlan, UrlSource } from '../../core/modelSource'
import { checkDescription } from '../checkDescription'
import { modelTypeOf } from '../modelFamily'
import type { ModelFiles } from '../modelFiles'
import { chooseFiles } from './chooseFiles'
import type { FolderFile, ModelFolder, ReadOptions } from './modelFolder'
import { chosenFiles, readFolder, type TokenizerFolder } from './readFolder'
import { readBody, readBytes } from './responseBody'

const KEPT = 'The model that was open stays open.'
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

/** @returns null where the host has no such file */
async function ask(url: URL, init: RequestInit): Promise<Response | null> {
  const response = await fetch(url, init).catch(() => {
    init.signal?.throwIfAborted()
    return fail('network', `${url.pathname} could not be fetched: ${url.host} did not answer.`, {
      kept: KEPT,
      advice: 'Check the connection and try again.',
    })
  })
  return isAbsent(response) ? null : response
}

const refuse = ({ host, pathname }: URL, { status }: Response) =>
  fail('network', `${host} does not give out ${pathname}: it answered ${status}.`, { kept: KEPT })

/** Returns the length of the stored file; a compressed answer has another length. */
function toldLength({ ok, status, headers }: Response): number | null {
  const told =
    status === 206 || status === 416
      ? headers.get('content-range')?.split('/')[1]
      : ok && !headers.has('content-encoding') && headers.get('content-length')
  return told && /^\d+$/.test(told) ? Number(told) : null
}

/** Reads a folder at an address whose host does not list it: names are tried, by their headers alone. */
export class AddressFolder implements ModelFolder {
  readonly local = false
  readonly name: string
  readonly #url: URL
  readonly #signal: AbortSignal | undefined
  readonly #found = new Map<string, Promise<FolderFile | null>>()
  /** Small files that were read to decide. */
  readonly #read = new Map<string, Blob>()

  constructor(url: URL, signal?: AbortSignal) {
    this.#url = url
    this.#signal = signal
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
    const headers = range ? { range: `bytes=${range[0]}-${range[1] - 1}` } : undefined
    const response = await ask(url, { signal: this.#signal, ...(headers && { headers }) })
    if (!response) return fail('missing-file', `${url.host} has no ${url.pathname}.`, { kept: KEPT })
    if (!response.ok) refuse(url, response)
    const { blob, whole } = range
      ? await readBytes(response, range)
      : await readBody(response, (bytes) => onBytes?.(bytes))
    this.#signal?.throwIfAborted()
    if (!whole) {
      fail('network', `${path} was cut off after ${blob.size} bytes.`, {
        kept: KEPT,
        advice: 'Check the connection and try again.',
      })
    }
    return blob
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
  const choice = await chooseFiles(new AddressFolder(url, signal), {
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
): Promise<ModelFiles> =>
  readFolder(new AddressFolder(url), { onProgress, tokenizerFrom, check: checkDescription })

/**
 * Fetches a model folder from an address on the page's own origin.
 *
 * @throws FailureError as planAddress and fetchFolder do
 */
export async function fetchAddressModel(
  source: UrlSource,
  { onProgress, tokenizerFrom, page = globalThis.location.href }: FetchAddressOptions = {},
): Promise<ModelFiles> {
  return fetchFolder(folderAddress(source.url, page), onProgress, tokenizerFrom)
}
