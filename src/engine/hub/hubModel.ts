import type { LoadProgress } from '../../core/explorer'
import { type Failure, fail } from '../../core/failure'
import { parsePythonJson } from '../../core/pythonJson'
import type { WeightsFile } from '../../weights/checkpoint'
import { type HubCache, type KeptModel, openHubCache } from './hubCache'
import { downloadHubFile } from './hubDownload'
import type { HubFile } from './hubFiles'
import type { HubPlan } from './hubListing'
import type { HubOptions } from './hubRequest'

export interface HubWeightsFile extends WeightsFile {
  /** As the hub states and the download was checked for; null for small files, which have git's hash only. */
  readonly sha256: string | null
}

/** A model of the hub, fetched, not yet understood. */
export interface HubModelFiles {
  readonly id: string
  readonly commit: string
  readonly config: unknown
  readonly tokenizer: unknown
  /** `tokenizer_config.json` over `special_tokens_map.json`: older models have the special tokens only there. */
  readonly tokenizerConfig: unknown
  readonly weights: readonly HubWeightsFile[]
  /** Why it will have to be fetched again the next time; null where all of it is kept. */
  readonly notKept: Failure | null
}

export interface FetchHubOptions extends HubOptions {
  /** What to fetch as weights instead of what the plan chose: ONNX files. */
  readonly weights?: readonly HubFile[]
  readonly onProgress?: (progress: LoadProgress) => void
}

/** Of a JSON file; a tokenizer of 250,000 words has 17 MB. */
const MAX_JSON_BYTES = 200 * 2 ** 20

function parseJson({ path }: HubFile, text: string): unknown {
  try {
    return parsePythonJson(text)
  } catch {
    return fail('damaged-file', `${path} is not JSON.`)
  }
}

const entriesOf = (json: unknown) =>
  typeof json === 'object' && json !== null && !Array.isArray(json) ? json : {}

/**
 * Fetches what a plan names; what is in the cache is not fetched again. Nothing is asked of the network where all is.
 *
 * @throws FailureError `network`, `missing-file`, `damaged-file`; an AbortError when the signal aborts. What was received
 *   is kept, and the next call goes on from there
 */
export async function fetchHubModel(plan: HubPlan, options: FetchHubOptions = {}): Promise<HubModelFiles> {
  const { onProgress, weights = plan.weights?.files ?? [] } = options
  if (weights.length === 0) fail('unsupported-model', `${plan.id} has no weights to fetch.`)
  const { config, tokenizer, tokenizerConfig, specialTokens } = plan
  const small = [config, tokenizer, tokenizerConfig, specialTokens].filter((file) => file !== null)
  const large = small.find(({ bytes }) => bytes > MAX_JSON_BYTES)
  if (large) fail('unsupported-model', `${large.path} of ${plan.id} has ${large.bytes} bytes.`)

  const totalBytes = [...small, ...weights].reduce((sum, { bytes }) => sum + bytes, 0)
  const loaded = new Map<HubFile, number>()
  const cache: HubCache | null = await openHubCache(options.base)
  let notKept: Failure | null = null
  const failed = new AbortController()
  const signal = options.signal ? AbortSignal.any([options.signal, failed.signal]) : failed.signal
  const fetchFile = async (file: HubFile): Promise<Blob> => {
    const download = await downloadHubFile(plan, file, cache, { ...options, signal }, (bytes) => {
      loaded.set(file, bytes)
      const loadedBytes = [...loaded.values()].reduce((sum, part) => sum + part, 0)
      onProgress?.({ stage: 'files', loadedBytes, totalBytes })
    })
    notKept ??= download.notKept
    return download.blob
  }
  const fetchJson = async (file: HubFile | null): Promise<unknown> =>
    file ? parseJson(file, await (await fetchFile(file)).text()) : null

  // The small files first: where one is wrong the large ones are never asked for.
  const [configJson, tokenizerJson, tokenizerConfigJson, specialTokensJson] = await Promise.all(
    [config, tokenizer, tokenizerConfig, specialTokens].map(fetchJson),
  ).catch((thrown: unknown) => {
    failed.abort()
    throw thrown
  })
  const fetched: HubWeightsFile[] = []
  for (const file of weights) {
    fetched.push({ name: file.path, blob: await fetchFile(file), sha256: file.sha256 })
  }
  return {
    id: plan.id,
    commit: plan.commit,
    config: configJson,
    tokenizer: tokenizerJson,
    tokenizerConfig: { ...entriesOf(specialTokensJson), ...entriesOf(tokenizerConfigJson) },
    weights: fetched,
    notKept,
  }
}

/** The models that the browser keeps, with their sizes; none where it grants no cache. */
export async function listKeptModels(base?: string): Promise<readonly KeptModel[]> {
  return (await (await openHubCache(base))?.list()) ?? []
}

/** Deletes all that is kept of one model. @returns bytes that this freed */
export async function deleteKeptModel(id: string, base?: string): Promise<number> {
  return (await (await openHubCache(base))?.delete(id)) ?? 0
}
