import type { LoadProgress } from '../../core/explorer'
import { fail } from '../../core/failure'
import { type WeightsFormat, withTokenizer } from '../../core/modelSource'
import { combinedSha256, type ModelFiles, sha256Of } from '../modelFiles'
import {
  type ChoiceOptions,
  chooseFiles,
  chooseTokenizer,
  type FileChoice,
  type TokenizerChoice,
} from './chooseFiles'
import { nameOf } from './chooseOnnxFiles'
import { refuseOtherKind } from './fileKinds'
import { type FolderFile, type ModelFolder, readJson } from './modelFolder'

/** Holds what is known of a model before its weights are read. */
export interface ModelDescription
  extends Pick<
    ModelFiles,
    | 'id'
    | 'config'
    | 'tokenizer'
    | 'tokenizerConfig'
    | 'specialTokens'
    | 'addedTokens'
    | 'vocabularyFiles'
    | 'tokenizerFrom'
  > {
  readonly format: WeightsFormat
  readonly weights: readonly NamedFile[]
}

/** Names a file of weights in the model, before it is read. */
export interface NamedFile {
  readonly name: string
  readonly bytes: number | null
  /** Reads some of its bytes. */
  read(start: number, end: number): Promise<Blob>
}

/** Names another folder that the tokenizer is taken from. */
export interface TokenizerFolder {
  readonly name: string
  readonly folder: ModelFolder
}

export interface ReadFolderOptions extends Omit<ChoiceOptions, 'otherTokenizer'> {
  readonly tokenizerFrom?: TokenizerFolder
  readonly onProgress?: (progress: LoadProgress) => void
  /**
   * Decides before the weights are fetched whether the model can be opened.
   *
   * @throws FailureError where it cannot
   */
  readonly check?: (description: ModelDescription) => Promise<void>
}

/** Lists the files that are read, in the order in which they are. */
export function chosenFiles({
  config,
  tokenizer,
  tokenizerConfig,
  specialTokens,
  addedTokens,
  vocabulary,
  weights,
}: FileChoice): FolderFile[] {
  return [config, tokenizer, tokenizerConfig, specialTokens, addedTokens, ...vocabulary, ...weights].filter(
    (file) => file !== null,
  )
}

/** Most bytes of a vocabulary; the largest there is has 20 MB. */
const MAX_VOCABULARY_BYTES = 200 * 2 ** 20

/** Adds up what is there of several files. */
function createProgress(files: readonly FolderFile[], onProgress: ReadFolderOptions['onProgress']) {
  const told = files.every(({ bytes }) => bytes !== null)
  const totalBytes = told ? files.reduce((sum, { bytes }) => sum + (bytes ?? 0), 0) : 0
  const loaded = new Map<string, number>()
  return ({ path }: FolderFile) =>
    (bytes: number) => {
      loaded.set(path, bytes)
      const loadedBytes = [...loaded.values()].reduce((sum, part) => sum + part, 0)
      onProgress?.({ stage: 'files', loadedBytes, totalBytes })
    }
}

/**
 * Returns the name of a weights file: ONNX graphs name their data by the file alone, an index file names shards by
 * path.
 */
const weightsName = ({ format, base }: FileChoice, { path }: FolderFile) =>
  format === 'onnx' ? nameOf(path) : path.slice(base.length)

type TokenizerFiles = Pick<
  ModelFiles,
  'tokenizer' | 'tokenizerConfig' | 'specialTokens' | 'addedTokens' | 'vocabularyFiles'
>

async function readTokenizer(
  folder: ModelFolder,
  choice: TokenizerChoice,
  progressOf: ReturnType<typeof createProgress>,
): Promise<TokenizerFiles> {
  const json = (file: FolderFile | null) => (file ? readJson(folder, file, progressOf(file)) : null)
  const [tokenizer, tokenizerConfig, specialTokens, addedTokens] = await Promise.all([
    json(choice.tokenizer),
    json(choice.tokenizerConfig),
    json(choice.specialTokens),
    json(choice.addedTokens),
  ])
  const vocabularyFiles: Record<string, Uint8Array> = {}
  for (const file of choice.vocabulary) {
    const blob = await folder.read(file, { onBytes: progressOf(file) })
    await refuseOtherKind(file.path, blob)
    if (blob.size > MAX_VOCABULARY_BYTES) fail('unsupported-model', `${file.path} has ${blob.size} bytes.`)
    vocabularyFiles[nameOf(file.path)] = new Uint8Array(await blob.arrayBuffer())
  }
  return { tokenizer, tokenizerConfig, specialTokens, addedTokens, vocabularyFiles }
}

async function readOtherTokenizer({ name, folder }: TokenizerFolder) {
  const config = await folder.find('config.json')
  return {
    ...(await readTokenizer(folder, await chooseTokenizer(folder), () => () => undefined)),
    tokenizerFrom: { name, config: config ? await readJson(folder, config) : null },
  }
}

/**
 * Reads a model from its folder: what describes it first, so that one that cannot be opened is refused before its weights
 * are fetched.
 *
 * @throws FailureError `network`, `missing-file`, `damaged-file` or `unsupported-model` with the reason
 */
export async function readFolder(
  folder: ModelFolder,
  { onProgress, check, tokenizerFrom, ...options }: ReadFolderOptions = {},
): Promise<ModelFiles> {
  const choice = await chooseFiles(folder, { ...options, otherTokenizer: tokenizerFrom !== undefined })
  const { format, configJson, weights } = choice
  const progressOf = createProgress(chosenFiles(choice), onProgress)
  progressOf(choice.config)(choice.config.bytes ?? 0)
  const described = {
    id: withTokenizer(
      choice.base === '' ? folder.name : `${folder.name}/${choice.base.slice(0, -1)}`,
      tokenizerFrom?.name,
    ),
    config: configJson,
    ...(tokenizerFrom
      ? await readOtherTokenizer(tokenizerFrom)
      : await readTokenizer(folder, choice, progressOf)),
    format,
  }
  await check?.({
    ...described,
    weights: weights.map((file) => ({
      name: weightsName(choice, file),
      bytes: file.bytes,
      read: (start, end) => folder.read(file, { range: [start, end] }),
    })),
  })
  const files: { name: string; blob: Blob }[] = []
  const hashes: string[] = []
  for (const file of weights) {
    const blob = await folder.read(file, { onBytes: progressOf(file) })
    await refuseOtherKind(file.path, blob)
    files.push({ name: weightsName(choice, file), blob })
    hashes.push(file.sha256 ?? (await sha256Of(blob)))
  }
  const [first, ...more] = files
  return {
    ...described,
    weights: first.blob,
    weightsName: first.name,
    moreWeights: more,
    sha256: await combinedSha256(hashes),
  }
}
