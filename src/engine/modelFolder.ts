import { fail } from '../core/failure'
import type { SourceFile } from '../core/modelSource'
import { parsePythonJson } from '../core/pythonJson'
import { chooseHubFiles, type HubFile } from './hub/hubFiles'
import { isFamilyRead } from './modelFamily'
import { combinedSha256, type ModelFiles, sha256Of } from './modelFiles'

/** Of a JSON file; a tokenizer of 250,000 words has 17 MB. */
const MAX_JSON_BYTES = 200 * 2 ** 20

const EXPECTED = 'config.json, tokenizer.json and model.safetensors, pytorch_model.bin or an ONNX file'

/** Of one folder, by name. */
type Folder = ReadonlyMap<string, Blob>

/** The folder that holds config.json; the one nearest to the top where there are several. */
function folderOf(id: string, files: readonly SourceFile[]): Folder {
  const [config] = files
    .filter(({ path }) => path.split('/').at(-1) === 'config.json')
    .sort((a, b) => a.path.split('/').length - b.path.split('/').length)
  if (!config) {
    fail('missing-file', `There is no config.json in ${id}.`, {
      kept: 'The model that was open stays open.',
      advice: `A model folder holds ${EXPECTED}.`,
    })
  }
  const base = config.path.slice(0, -'config.json'.length)
  return new Map(
    files
      .filter(({ path }) => path.startsWith(base))
      .map(({ path, blob }) => [path.slice(base.length), blob]),
  )
}

async function readJson(folder: Folder, file: HubFile | null): Promise<unknown> {
  const blob = file && folder.get(file.path)
  if (!blob) return null
  if (blob.size > MAX_JSON_BYTES) fail('unsupported-model', `${file.path} has ${blob.size} bytes.`)
  try {
    return parsePythonJson(await blob.text())
  } catch {
    return fail('damaged-file', `${file.path} is not JSON.`, { kept: 'The model that was open stays open.' })
  }
}

const entriesOf = (json: unknown) =>
  typeof json === 'object' && json !== null && !Array.isArray(json) ? json : {}

/** The tokenizer's settings as newer models have them: older ones name special tokens in a file of their own. */
export const mergedTokenizerConfig = (tokenizerConfig: unknown, specialTokens: unknown) => ({
  ...entriesOf(specialTokens),
  ...entriesOf(tokenizerConfig),
})

/**
 * Reads a folder of the hub's layout: safetensors before their shards, before torch's files, before ONNX files, which are
 * also taken where the family of the weights is not one that is read.
 *
 * @param files as dropped or picked; what lies beside the folder of config.json is left out
 * @throws FailureError `missing-file`, `damaged-file` or `unsupported-model` with what is missing and what there is instead
 */
export async function readModelFolder(id: string, files: readonly SourceFile[]): Promise<ModelFiles> {
  const folder = folderOf(id, files)
  const listed = [...folder].map(
    ([path, blob]): HubFile => ({ path, bytes: blob.size, sha256: null, blobSha1: null }),
  )
  const choice = chooseHubFiles(id, listed)
  const [config, tokenizer, tokenizerConfig, specialTokens] = await Promise.all(
    [choice.config, choice.tokenizer, choice.tokenizerConfig, choice.specialTokens].map((file) =>
      readJson(folder, file),
    ),
  )
  const described = {
    id,
    config,
    tokenizer,
    tokenizerConfig: mergedTokenizerConfig(tokenizerConfig, specialTokens),
  }
  const { weights, onnx } = choice
  const blobOf = ({ path }: HubFile) => folder.get(path) ?? new Blob()
  if (weights && (onnx.length === 0 || isFamilyRead(config))) {
    const [first, ...more] = weights.files.map((file) => ({ name: file.path, blob: blobOf(file) }))
    return {
      ...described,
      format: weights.format,
      weights: first.blob,
      weightsName: first.name,
      moreWeights: more,
      sha256: await hashOf([first.blob, ...more.map(({ blob }) => blob)]),
    }
  }
  const { chosenOnnxFiles } = await import('./modelFolderOnnx')
  const [graph, ...data] = await chosenOnnxFiles(
    onnx.map((file) => ({ name: file.path, blob: blobOf(file) })),
  )
  return {
    ...described,
    format: 'onnx',
    weights: graph.blob,
    weightsName: graph.name,
    moreWeights: data,
    sha256: await hashOf([graph.blob, ...data.map(({ blob }) => blob)]),
  }
}

/** @param blobs one after the other: each is read whole */
async function hashOf(blobs: readonly Blob[]): Promise<string> {
  const hashes: string[] = []
  for (const blob of blobs) hashes.push(await sha256Of(blob))
  return combinedSha256(hashes)
}
