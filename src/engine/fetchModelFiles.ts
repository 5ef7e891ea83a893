import type { LoadProgress } from '../core/explorer'
import { fail } from '../core/failure'
import type { HostedSource } from '../core/modelSource'
import { type ModelFiles, sha256Of } from './modelFiles'

/** Where checked weights are kept between visits; the name carries the layout's version. */
const CACHE_NAME = 'ripplescope-models-v1'

async function request(url: string): Promise<Response> {
  let response: Response
  try {
    response = await fetch(url)
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

/** The cache where the browser grants one; private windows and plain http may not. */
async function openCache(): Promise<Cache | null> {
  try {
    return await caches.open(CACHE_NAME)
  } catch {
    return null
  }
}

/** A body read chunk by chunk, so that progress can be shown. */
async function readBody(response: Response, onBytes: (bytes: number) => void): Promise<Blob> {
  if (!response.body) return response.blob()
  const chunks: Uint8Array<ArrayBuffer>[] = []
  let bytes = 0
  const reader = response.body.getReader()
  for (;;) {
    const { done, value } = await reader.read()
    if (done) return new Blob(chunks)
    chunks.push(value as Uint8Array<ArrayBuffer>)
    bytes += value.byteLength
    onBytes(bytes)
  }
}

/**
 * The weights from the cache, else from the network, checked against their sha256 before they are kept.
 * What the cache returns lies on disk, not in memory.
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
  report(0)
  const blob = await readBody(await request(url), report)
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
 * Fetches a model folder of the hub's layout.
 *
 * @throws FailureError `network`, `missing-file` or `damaged-file`
 */
export async function fetchModelFiles(
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
