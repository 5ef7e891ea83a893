import { fail } from '../core/failure'
import type { ModelPlan, PlannedFile, UrlSource, WeightsFormat } from '../core/modelSource'
import { parsePythonJson } from '../core/pythonJson'
import { isFamilyRead, modelTypeOf } from './modelFamily'

const KEPT = 'The model that was open stays open.'
const BY_HAND = 'Download its files and drop the folder here; a model of the hub opens by its name.'

const CONFIG = 'config.json'
const TOKENIZER = 'tokenizer.json'
const OPTIONAL = ['tokenizer_config.json', 'special_tokens_map.json']

/** Names of whole weights: a server does not list a folder, and shards have too many names. */
const WEIGHTS = ['model.safetensors', 'pytorch_model.bin']
const ONNX = ['onnx/model.onnx', 'model.onnx']

/**
 * The folder of an address on the page's own origin: the page's Content-Security-Policy lets it ask nobody else but the
 * hub.
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

/** Some servers answer every address with their start page. */
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

/**
 * Fetches a file of a folder.
 *
 * @returns null where the host has no such file
 * @throws FailureError `network` where the host does not answer, or refuses
 */
export async function requestFile(url: URL, signal?: AbortSignal): Promise<Response | null> {
  const response = await ask(url, { signal })
  if (response && !response.ok) refuse(url, response)
  return response
}

const refuse = ({ host, pathname }: URL, { status }: Response) =>
  fail('network', `${host} does not give out ${pathname}: it answered ${status}.`, { kept: KEPT })

/** Of the file as it lies there: a packed answer has another length. */
function toldLength({ ok, status, headers }: Response): number | null {
  const told =
    status === 206 || status === 416
      ? headers.get('content-range')?.split('/')[1]
      : ok && !headers.has('content-encoding') && headers.get('content-length')
  return told && /^\d+$/.test(told) ? Number(told) : null
}

/** What the host says of a file, without its contents: its headers alone, else those of its first byte. */
async function findFile(folder: URL, path: string, signal?: AbortSignal): Promise<PlannedFile | null> {
  const url = new URL(path, folder)
  const head = await ask(url, { method: 'HEAD', signal })
  if (!head) return null
  const bytes = toldLength(head)
  if (bytes !== null) return { path, bytes }
  const first = await ask(url, { headers: { range: 'bytes=0-0' }, signal })
  await first?.body?.cancel()
  if (first && !first.ok && first.status !== 416) refuse(url, first)
  return first && { path, bytes: toldLength(first) }
}

interface FoundWeights {
  readonly format: WeightsFormat
  readonly files: readonly PlannedFile[]
}

/** An ONNX file before others only where the family of the others is not read. */
async function findWeights(folder: URL, familyIsRead: boolean, signal?: AbortSignal): Promise<FoundWeights> {
  const names = familyIsRead ? [...WEIGHTS, ...ONNX] : [...ONNX, ...WEIGHTS]
  for (const name of names) {
    const file = await findFile(folder, name, signal)
    if (!file) continue
    if (!ONNX.includes(name)) return { format: name === WEIGHTS[0] ? 'safetensors' : 'torch', files: [file] }
    const data = await findFile(folder, `${name}_data`, signal)
    return { format: 'onnx', files: data ? [file, data] : [file] }
  }
  return refuseFolder(folder, `none of ${names.join(', ')}`)
}

const refuseFolder = (folder: URL, lacks: string) =>
  fail('missing-file', `${folder.href} has ${lacks}.`, {
    kept: KEPT,
    advice: 'Check the address. A model in several shards can be downloaded and its folder dropped here.',
  })

/**
 * What would be fetched for a model at an address, with sizes as far as its host tells them. Fetches config.json and
 * nothing else.
 *
 * @param page address that a relative one counts from
 * @throws FailureError `invalid-request` (another host), `missing-file`, `damaged-file`, `network`; an AbortError when the
 *   signal aborts
 */
export async function planUrlSource(
  source: UrlSource,
  page: string,
  signal?: AbortSignal,
): Promise<ModelPlan<UrlSource>> {
  const folder = folderAddress(source.url, page)
  const answer = await requestFile(new URL(CONFIG, folder), signal)
  if (!answer) return refuseFolder(folder, `no ${CONFIG}`)
  const blob = await answer.blob()
  const config = await blob
    .text()
    .then(parsePythonJson)
    .catch(() => fail('damaged-file', `${CONFIG} is not JSON.`, { kept: KEPT }))
  const [tokenizer, ...optional] = await Promise.all(
    [TOKENIZER, ...OPTIONAL].map((path) => findFile(folder, path, signal)),
  )
  if (!tokenizer) return refuseFolder(folder, `no ${TOKENIZER}`)
  const weights = await findWeights(folder, isFamilyRead(config), signal)
  const described = [
    { path: CONFIG, bytes: blob.size },
    tokenizer,
    ...optional.filter((file) => file !== null),
  ]
  const files = [...described, ...weights.files]
  return {
    source: { kind: 'url', url: folder.href },
    commit: null,
    files,
    bytes: files.reduce((sum, { bytes }) => sum + (bytes ?? 0), 0),
    keptBytes: 0,
    format: weights.format,
    family: modelTypeOf(config),
    offline: false,
  }
}
