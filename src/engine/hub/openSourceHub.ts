import { fail } from '../../core/failure'
import { type HubSource, idOfHub, type ModelPlan, type WeightsFormat } from '../../core/modelSource'
import { parsePythonJson } from '../../core/pythonJson'
import { isFamilyRead, modelTypeOf } from '../modelFamily'
import { combinedSha256, type ModelFiles, sha256Of } from '../modelFiles'
import { openHubCache } from './hubCache'
import { downloadHubFile } from './hubDownload'
import type { HubFile } from './hubFiles'
import { type HubPlan, planHubModel } from './hubListing'
import { type FetchHubOptions, fetchHubModel } from './hubModel'
import type { HubOptions } from './hubRequest'

/** Which files of a model are fetched. */
interface HubRoute {
  readonly plan: HubPlan
  readonly format: WeightsFormat
  readonly weights: readonly HubFile[]
  readonly family: string
}

/** ONNX files whose names say that they round activations: never fetched in vain. */
const UNFIT = /(?:^|[_./-])(?:quantized|int8|uint8|q8|avx\w*|arm64\w*|qint8\w*)(?=[_./-])/i

/** The more exact a file's name says its weights are, the earlier it comes. */
const NAMES: readonly RegExp[] = [
  /(^|\/)model\.onnx$/,
  /(^|\/)decoder_model\.onnx$/,
  /_merged\.onnx$/,
  /_fp16\.onnx$/,
]

function rankOf(path: string): number {
  const rank = NAMES.findIndex((pattern) => pattern.test(path))
  return rank < 0 ? NAMES.length : rank
}

/** One graph with its external data, by name: what is in the files is known only once they are here. */
function onnxFilesOf(id: string, files: readonly HubFile[]): readonly HubFile[] {
  const graphs = files.filter(({ path }) => path.endsWith('.onnx'))
  const [best] = graphs
    .filter(({ path }) => !UNFIT.test(path))
    .sort((a, b) => rankOf(a.path) - rankOf(b.path) || a.path.length - b.path.length)
  if (!best) {
    const names = graphs.slice(0, 4).map(({ path }) => path)
    fail(
      'unsupported-model',
      `${id} has only ONNX files that compute in 8-bit integers (${names.join(', ')}): their rounding is larger than ` +
        'the distances that are measured.',
      { advice: 'Look for the same model with safetensors, or with a model.onnx in fp32.' },
    )
  }
  const data = files.filter(
    ({ path }) => path.startsWith(`${best.path}_data`) || path.startsWith(`${best.path}.data`),
  )
  return [best, ...data]
}

const notAsked: typeof globalThis.fetch = () =>
  fail('network', 'Not all of its files are kept in this browser.', {
    advice: 'Open the model by its name: what is missing is then fetched.',
  })

const optionsOf = <Options extends HubOptions>({ keptOnly }: HubSource, options: Options): Options =>
  keptOnly ? { ...options, fetch: notAsked } : options

/** @param name of the hub; its listing and its config.json are fetched, nothing else */
async function routeHubModel(name: HubSource, options: HubOptions): Promise<HubRoute> {
  const plan = await planHubModel(name, options)
  const cache = await openHubCache(options.base)
  const { blob } = await downloadHubFile(plan, plan.config, cache, options)
  const config = await blob
    .text()
    .then(parsePythonJson)
    .catch(() => fail('damaged-file', `config.json of ${plan.id} is not JSON.`))
  const family = modelTypeOf(config)
  const { weights, onnx } = plan
  if (weights && (onnx.length === 0 || isFamilyRead(config))) {
    return { plan, family, format: weights.format, weights: weights.files }
  }
  return { plan, family, format: 'onnx', weights: onnxFilesOf(plan.id, onnx) }
}

/**
 * What would be fetched, with sizes. Asks the hub for its listing and for config.json.
 *
 * @throws FailureError as planHubModel does, and where no file of the model can be read
 */
export async function planHubSource(name: HubSource, given: HubOptions = {}): Promise<ModelPlan> {
  const options = optionsOf(name, given)
  const { plan, family, format, weights } = await routeHubModel(name, options)
  const { config, tokenizer, tokenizerConfig, specialTokens } = plan
  const files = [config, tokenizer, tokenizerConfig, specialTokens, ...weights].filter(
    (file) => file !== null,
  )
  const cache = await openHubCache(options.base)
  let keptBytes = 0
  for (const file of files) keptBytes += (await cache?.read(plan.id, file))?.bytes ?? 0
  return {
    source: { kind: 'hub', id: plan.id, revision: plan.revision },
    commit: plan.commit,
    files: files.map(({ path, bytes }) => ({ path, bytes })),
    bytes: files.reduce((sum, { bytes }) => sum + bytes, 0),
    keptBytes,
    format,
    family,
    offline: plan.offline,
  }
}

const nameOf = (path: string) => path.slice(path.lastIndexOf('/') + 1)

/** Fetches a model of the hub; what this browser keeps is not fetched again. */
export async function fetchHubSource(name: HubSource, given: FetchHubOptions = {}): Promise<ModelFiles> {
  const options = optionsOf(name, given)
  const { plan, format, weights } = await routeHubModel(name, options)
  const fetched = await fetchHubModel(plan, { ...options, weights })
  const [first, ...more] = fetched.weights.map((file) => ({ ...file, name: nameOf(file.name) }))
  const hashes: string[] = []
  for (const { sha256, blob } of [first, ...more]) hashes.push(sha256 ?? (await sha256Of(blob)))
  return {
    id: idOfHub({ id: plan.id, revision: plan.revision }),
    config: fetched.config,
    tokenizer: fetched.tokenizer,
    tokenizerConfig: fetched.tokenizerConfig,
    format,
    weights: first.blob,
    weightsName: first.name,
    moreWeights: more,
    sha256: await combinedSha256(hashes),
    revision: plan.commit,
    kept: fetched.notKept === null,
  }
}
