import type { LoadProgress } from '../../core/explorer'
import { fail } from '../../core/failure'
import { formatBytesOf } from '../../core/formatBytes'
import { BUILT_IN_VOCABULARY, type HostedSource } from '../../core/modelSource'
import { type ModelFiles, sha256Of } from '../modelFiles'
import { localFolder } from './localFolder'
import type { ModelFolder } from './modelFolder'
import { readBody } from './responseBody'

/** Name of the cache in which checked weights are saved between visits, with the layout's version. */
const CACHE_NAME = 'ripplescope-models-v1'

/** @param from byte at which the answer may begin; the server may send the whole file all the same */
async function request(url: string, from = 0): Promise<Response> {
  let response: Response
  try {
    response = await (from > 0 ? fetch(url, { headers: { range: `bytes=${from}-` } }) : fetch(url))
  } catch {
    fail('network', `${nameOf(url)} could not be fetched: the network did not answer.`, {
      kept: 'Your text and pins are kept.',
      advice: 'Check the connection and try again.',
    })
  }
  if (!response.ok) {
    fail('missing-file', `${nameOf(url)} could not be fetched: the server answered ${response.status}.`, {
      kept: 'Your text and pins are kept.',
    })
  }
  return response
}

const nameOf = (url: string) => url.split('/').at(-1) ?? url

async function requestJson(url: string): Promise<unknown> {
  const response = await request(url)
  try {
    return await response.json()
  } catch {
    fail('damaged-file', `${nameOf(url)} is not JSON.`)
  }
}

/** Opens the cache where the browser allows one; private windows and plain http may not. */
async function openCache(): Promise<Cache | null> {
  try {
    return await caches.open(CACHE_NAME)
  } catch {
    return null
  }
}

/** Says whether an answer is the rest of the stored file from a byte on. */
function isRest(response: Response, from: number): boolean {
  return (
    response.status === 206 && response.headers.get('content-range')?.startsWith(`bytes ${from}-`) === true
  )
}

/**
 * Downloads a file. The bytes received before the connection broke are saved, and the next attempt continues them, in
 * this visit or a later one (`Range`); the file's hash tells whether the parts belong together.
 *
 * @param key of the whole file in the cache
 * @throws FailureError `network` where the connection breaks, `missing-file` where the server has no such file
 */
async function download(
  url: string,
  key: string,
  bytes: number,
  cache: Cache | null,
  report: (loadedBytes: number) => void,
): Promise<Blob> {
  const partKey = `${key}&part`
  const part = (await (await cache?.match(partKey))?.blob()) ?? new Blob()
  await cache?.delete(partKey)
  const start = part.size < bytes ? part.size : 0
  report(start)
  const response = await request(url, start).catch(async (thrown: unknown) => {
    if (start > 0) await cache?.put(partKey, new Response(part)).catch(() => undefined)
    throw thrown
  })
  const former = isRest(response, start) ? part : new Blob()
  const body = await readBody(response, (loaded) => report(former.size + loaded))
  const received = new Blob([former, body.blob])
  if (body.whole) return received
  // A packed answer's bytes are not the file's: there is nothing to go on from.
  const resumable = cache !== null && response.headers.get('content-encoding') === null
  const isKept =
    resumable &&
    (await cache.put(partKey, new Response(received)).then(
      () => true,
      () => false,
    ))
  return fail('network', `${nameOf(url)} was cut off after ${formatBytesOf(received.size, bytes)}.`, {
    kept: isKept ? 'What has come is kept, and so are your text and pins.' : 'Your text and pins are kept.',
    advice: isKept ? 'Try again: it goes on from there.' : 'Check the connection and try again.',
  })
}

/**
 * Reads the weights from the cache, else from the network, and checks their sha256 before saving them. The cache
 * returns a file on disk, not in memory.
 */
async function fetchWeights(
  source: HostedSource,
  onProgress: (progress: LoadProgress) => void,
): Promise<Blob> {
  const url = `${source.url}${source.weights}`
  // The hash in the key: a new release of the file is another entry, and an entry is always a checked one.
  const key = `${url}?sha256=${source.sha256}`
  const cache = await openCache()
  const cached = await cache?.match(key)
  if (cached) {
    const blob = await cached.blob()
    if (blob.size === source.bytes) return blob
  }
  const report = (loadedBytes: number) =>
    onProgress({ stage: 'files', loadedBytes, totalBytes: source.bytes })
  const blob = await download(url, key, source.bytes, cache, report)
  const sha256 = await sha256Of(blob)
  if (sha256 !== source.sha256) {
    fail(
      'damaged-file',
      `${source.weights} is not the file it should be: its sha256 is ${sha256.slice(0, 12)}….`,
      {
        kept: 'Your text and pins are kept.',
        advice: 'Try again; if it stays so, the server holds another file.',
      },
    )
  }
  try {
    await cache?.put(key, new Response(blob))
    return (await (await cache?.match(key))?.blob()) ?? blob
  } catch {
    // A full disk or a denied quota: the page goes on with the copy in memory.
    return blob
  }
}

/**
 * Fetches the model in the page's own folder: the list of its files with their hashes was written when the page was
 * built, so that nothing is chosen and all of them are fetched at once.
 *
 * @throws FailureError `network`, `missing-file` or `damaged-file`
 */
export async function fetchShippedModel(
  source: HostedSource,
  onProgress: (progress: LoadProgress) => void,
): Promise<ModelFiles> {
  const [config, tokenizer, tokenizerConfig, weights] = await Promise.all([
    requestJson(`${source.url}config.json`),
    requestJson(`${source.url}tokenizer.json`),
    requestJson(`${source.url}tokenizer_config.json`),
    fetchWeights(source, onProgress),
  ])
  return {
    id: source.id,
    config,
    tokenizer,
    tokenizerConfig,
    weights,
    weightsName: source.weights,
    sha256: source.sha256,
  }
}

/**
 * Fetches the tokenizer of the model in the page's own folder, for a model that comes without one.
 *
 * @param url address of that folder, with a slash at the end
 * @throws FailureError `network` or `missing-file`
 */
export async function fetchShippedTokenizer(url: string): Promise<ModelFolder> {
  const names = ['config.json', 'tokenizer.json', 'tokenizer_config.json']
  const files = names.map(async (path) => ({ path, blob: await (await request(`${url}${path}`)).blob() }))
  return localFolder(BUILT_IN_VOCABULARY, await Promise.all(files))
}
