import * as v from 'valibot'
import { fail } from '../../core/failure'
import { foldersInWords, modelFolders } from '../../core/modelFolders'
import { BUILT_IN_VOCABULARY_SIZE, type WeightsFormat } from '../../core/modelSource'
import { printable } from '../../core/text/printable'
import { isFamilyRead, modelTypeOf, vocabularySizeOf } from '../modelFamily'
import { VOCABULARY_FILES } from '../tokenizer/slowVocabulary'
import { chooseOnnxFiles, isOnnxFile, triedOnnxFiles } from './chooseOnnxFiles'
import { kindInWords, refuseByKind } from './fileKinds'
import { type FolderFile, type ModelFolder, readJson } from './modelFolder'

/** Names the files that are read, of all that a model's folder holds. */
export interface FileChoice {
  /** Folder of config.json below the one that was named, with a slash at the end; mostly `''`. */
  readonly base: string
  readonly config: FolderFile
  readonly configJson: unknown
  /** null where the folder has the files of a slow tokenizer in its place. */
  readonly tokenizer: FolderFile | null
  readonly tokenizerConfig: FolderFile | null
  readonly specialTokens: FolderFile | null
  readonly addedTokens: FolderFile | null
  /** Files of a slow tokenizer; none if there is a tokenizer.json. */
  readonly vocabulary: readonly FolderFile[]
  readonly format: WeightsFormat
  /** One file, or all shards in their order; a graph before its external data. */
  readonly weights: readonly FolderFile[]
}

/** Names the files of a tokenizer. */
export type TokenizerChoice = Pick<
  FileChoice,
  'tokenizer' | 'tokenizerConfig' | 'specialTokens' | 'addedTokens' | 'vocabulary'
>

const NO_TOKENIZER: TokenizerChoice = {
  tokenizer: null,
  tokenizerConfig: null,
  specialTokens: null,
  addedTokens: null,
  vocabulary: [],
}

export interface ChoiceOptions {
  /** true if the tokenizer is taken from elsewhere. */
  readonly otherTokenizer?: boolean
  /** Path of the weights to take in the place of the usual ones. */
  readonly weights?: string
  /** true if a model one or more folders below is taken too, where there is only one. */
  readonly below?: boolean
}

interface WeightsKind {
  readonly format: WeightsFormat
  readonly whole: string
  /**
   * Name of the file that names the shard of each tensor (transformers, `utils/hub.py`, get_checkpoint_shard_files).
   */
  readonly index: string
  readonly shard: RegExp
}

/** Kinds of weights, in the order in which transformers looks for them. */
const KINDS: readonly WeightsKind[] = [
  {
    format: 'safetensors',
    whole: 'model.safetensors',
    index: 'model.safetensors.index.json',
    shard: /^model-(\d{5})-of-(\d{5})\.safetensors$/,
  },
  {
    format: 'torch',
    whole: 'pytorch_model.bin',
    index: 'pytorch_model.bin.index.json',
    shard: /^pytorch_model-(\d{5})-of-(\d{5})\.bin$/,
  },
]

/** Weights of formats that are not read, for a sentence. */
const OTHER_WEIGHTS = /\.(safetensors|bin|h5|msgpack|ot|gguf|ggml|pt|pth|ckpt|tflite|mlmodel|pkl)$/
const MOST_NAMED = 4
const MAX_SHARDS = 10_000
const KEPT = 'The model that was open stays open.'

/** Path below a folder only: a name that leads out of it is no file of the model. */
const safePath = v.pipe(
  v.string(),
  v.minLength(1),
  v.maxLength(300),
  v.check((path) => !path.startsWith('/') && !path.split(/[/\\]/).includes('..') && !/^[a-z]+:/i.test(path)),
)
const indexSchema = v.object({ weight_map: v.record(v.string(), safePath) })
const modulesSchema = v.array(v.object({ path: v.string(), type: v.string() }))

function namesOf(files: readonly FolderFile[]): string {
  const names = files.slice(0, MOST_NAMED).map(({ path }) => printable(path).slice(0, 80))
  return files.length > MOST_NAMED
    ? `${names.join(', ')} and ${files.length - MOST_NAMED} more`
    : names.join(', ')
}

/** Lists one folder's files, their names relative to its path. */
interface Place {
  readonly folder: ModelFolder
  readonly base: string
  /** null where the host does not list its files. */
  readonly files: readonly FolderFile[] | null
}

const findIn = ({ folder, base }: Place, name: string) => folder.find(base + name)

/** Returns the transformer's own folder that `modules.json` names, as older Sentence-Transformers models have it. */
async function moduleFolder(folder: ModelFolder): Promise<string | null> {
  const file = await folder.find('modules.json')
  if (!file) return null
  const modules = v.safeParse(modulesSchema, await readJson(folder, file).catch(() => null))
  const path = modules.success ? (modules.output.find((module) => module.path !== '')?.path ?? '') : ''
  const [first] = modules.success ? modules.output : []
  if (!first || first.path !== path || !v.is(safePath, path)) return null
  return (await folder.find(`${path}/config.json`)) ? `${path}/` : null
}

async function baseOf(
  folder: ModelFolder,
  files: readonly FolderFile[] | null,
  below: boolean,
): Promise<string> {
  const config = await folder.find('config.json')
  const paths = files?.map(({ path }) => path) ?? []
  const isModel = config !== null && (files === null || modelFolders(paths).includes(''))
  if (isModel && modelTypeOf(await readJson(folder, config)) !== 'unnamed') return ''
  const module = await moduleFolder(folder)
  if (module !== null) return module
  const inside = modelFolders(paths).filter((found) => found !== '')
  if (config && (inside.length === 0 || isModel)) return ''
  const [only, ...others] = inside
  if (only && others.length === 0 && below) return only
  if (files) await refuseByKind(folder, files)
  const missing = files ? `There is no config.json in ${folder.name}.` : `${folder.name} has no config.json.`
  const advice =
    inside.length > 0
      ? `It holds ${others.length > 0 ? `${inside.length} models, each` : 'a model'} in a folder of its own: ${foldersInWords(inside)}. Name ${others.length > 0 ? 'one of them' : 'that'}.`
      : 'A model folder holds config.json, tokenizer.json and model.safetensors, pytorch_model.bin or an ONNX file.'
  return fail('missing-file', missing, { kept: KEPT, advice })
}

/** Returns every shard that an index file names, each once; null where there is no such file. */
async function shardsByIndex(place: Place, { index }: WeightsKind): Promise<FolderFile[] | null> {
  const file = await findIn(place, index)
  if (!file) return null
  const parsed = v.safeParse(indexSchema, await readJson(place.folder, file))
  if (!parsed.success)
    fail('damaged-file', `${index} does not say which shard holds which tensor.`, { kept: KEPT })
  const names = [...new Set(Object.values(parsed.output.weight_map))].sort()
  if (names.length === 0 || names.length > MAX_SHARDS)
    fail('damaged-file', `${index} names ${names.length} shards.`)
  const found: FolderFile[] = []
  for (const name of names) {
    const shard = await findIn(place, name)
    if (!shard) {
      fail('missing-file', `${index} names the shard ${printable(name)}, which is not there.`, {
        kept: KEPT,
        advice: 'Download the folder again, whole.',
      })
    }
    found.push(shard)
  }
  return found
}

/** Returns every shard of the numbered file names, in order; null where there are none or some are missing. */
function shardsByName({ base, files }: Place, { shard }: WeightsKind): FolderFile[] | null {
  const shards = (files ?? [])
    .filter(({ path }) => path.startsWith(base) && shard.test(path.slice(base.length)))
    .sort((a, b) => (a.path < b.path ? -1 : 1))
  const complete = shards.every(({ path }, i) => {
    const [, index, count] = shard.exec(path.slice(base.length)) ?? []
    return Number(index) === i + 1 && Number(count) === shards.length
  })
  return shards.length > 0 && complete ? shards : null
}

type Weights = Pick<FileChoice, 'format' | 'weights'>

async function usualWeights(place: Place): Promise<Weights | null> {
  for (const kind of KINDS) {
    const whole = await findIn(place, kind.whole)
    const weights = whole ? [whole] : ((await shardsByIndex(place, kind)) ?? shardsByName(place, kind))
    if (weights) return { format: kind.format, weights }
  }
  return null
}

/** Chooses the weights: ONNX files where there are no others, and where the family of the others is not read. */
async function weightsOf(place: Place, config: unknown): Promise<Weights> {
  const { folder, base, files } = place
  const listed = files?.filter(({ path }) => path.startsWith(base) && isOnnxFile(path))
  const familyIsRead = isFamilyRead(config)
  const usual = familyIsRead || listed?.length === 0 ? await usualWeights(place) : null
  if (usual) return usual
  const onnx = listed ?? (await triedOnnxFiles(folder, base))
  if (onnx.length > 0) return { format: 'onnx', weights: await chooseOnnxFiles(folder, onnx) }
  return (await usualWeights(place)) ?? refuseWeights(place)
}

async function refuseWeights({ folder, base, files }: Place): Promise<never> {
  if (!files) {
    const names = [
      ...KINDS.map(({ whole }) => whole),
      ...KINDS.map(({ index }) => index),
      'onnx/model.onnx',
      'model.onnx',
    ]
    return fail('missing-file', `${folder.name} has none of ${names.join(', ')}.`, {
      kept: KEPT,
      advice: 'Check the address. A model can also be downloaded and its folder dropped here.',
    })
  }
  if (files.some(({ path }) => path === `${base}adapter_config.json`)) await refuseByKind(folder, files)
  const others = files.filter(({ path }) => path.startsWith(base) && OTHER_WEIGHTS.test(path))
  const kind = others.length > 0 ? kindInWords(others[0].path) : null
  const found = others.length > 0 ? `it has only ${namesOf(others)}${kind ? `, ${kind}` : ''}` : 'it has none'
  return fail('unsupported-model', `${folder.name} has no weights that are read: ${found}.`, {
    kept: KEPT,
    advice:
      "Read are model.safetensors, pytorch_model.bin (also in shards) and ONNX files. transformers' save_pretrained writes the first.",
  })
}

/** Returns the weights that the user named, in the format that their name implies. */
async function namedWeights({ folder, base, files }: Place, path: string): Promise<Weights> {
  const file = (await folder.find(path)) ?? fail('missing-file', `There is no ${path} in ${folder.name}.`)
  if (/\.safetensors$/.test(path)) return { format: 'safetensors', weights: [file] }
  if (/\.bin$/.test(path)) return { format: 'torch', weights: [file] }
  const companions = (files ?? []).filter(
    (other) => other.path.startsWith(base) && isOnnxFile(other.path) && !other.path.endsWith('.onnx'),
  )
  return { format: 'onnx', weights: await chooseOnnxFiles(folder, [file, ...companions]) }
}

/** @param rows of the word table, as config.json says */
function refuseWithoutTokenizer({ folder, files }: Place, rows: number | null): never {
  const fits = rows === BUILT_IN_VOCABULARY_SIZE
  return fail(
    files ? 'unsupported-model' : 'missing-file',
    `${folder.name} has no tokenizer.json, and no files of a slow tokenizer (${VOCABULARY_FILES.join(', ')}).`,
    {
      kept: KEPT,
      advice: fits
        ? `Its word table has as many rows as the built-in vocabulary has tokens (bert-base-uncased's, ${BUILT_IN_VOCABULARY_SIZE}): it can be read with that, if it was trained with it. ${OTHER_TOKENIZER}`
        : `Add the files of the tokenizer that it was trained with to the folder. ${OTHER_TOKENIZER}`,
      ...(fits && { offer: 'built-in-vocabulary' }),
    },
  )
}

const OTHER_TOKENIZER =
  'That of another model of the hub goes behind its name: owner/name+owner/other; the command has --tokenizer.'

async function tokenizerOf(place: Place, config: unknown): Promise<TokenizerChoice> {
  const tokenizer = await findIn(place, 'tokenizer.json')
  const found = tokenizer ? [] : await Promise.all(VOCABULARY_FILES.map((name) => findIn(place, name)))
  const vocabulary = found.filter((file) => file !== null)
  if (!tokenizer && vocabulary.length === 0) refuseWithoutTokenizer(place, vocabularySizeOf(config))
  return {
    tokenizer,
    vocabulary,
    tokenizerConfig: await findIn(place, 'tokenizer_config.json'),
    specialTokens: await findIn(place, 'special_tokens_map.json'),
    addedTokens: await findIn(place, 'added_tokens.json'),
  }
}

/**
 * Chooses the files of a tokenizer in a folder that is not the model's.
 *
 * @throws FailureError `missing-file` or `unsupported-model` where there is none
 */
export async function chooseTokenizer(folder: ModelFolder): Promise<TokenizerChoice> {
  return tokenizerOf({ folder, base: '', files: await folder.list() }, null)
}

/**
 * Chooses which of a model's files to read, wherever they lie: the folder of config.json, its tokenizer, and of its
 * weights safetensors before torch's files, single ones before shards, ONNX files where none of these will do. Reads
 * config.json and index files, and nothing else where reading costs.
 *
 * @throws FailureError `missing-file`, `unsupported-model` or `damaged-file` that says what is missing and what there is
 *   instead
 */
export async function chooseFiles(
  folder: ModelFolder,
  { weights: named, below = false, otherTokenizer = false }: ChoiceOptions = {},
): Promise<FileChoice> {
  const files = await folder.list()
  const base = await baseOf(folder, files, below)
  const place: Place = { folder, base, files }
  const config = await findIn(place, 'config.json')
  if (!config) return fail('missing-file', `There is no ${base}config.json in ${folder.name}.`)
  const configJson = await readJson(folder, config)
  // If names can only be tried, the tokenizer's is one request, those of weights are many.
  if (!files && !otherTokenizer) await tokenizerOf(place, configJson)
  const weights = named === undefined ? await weightsOf(place, configJson) : await namedWeights(place, named)
  return {
    base,
    config,
    configJson,
    ...(otherTokenizer ? NO_TOKENIZER : await tokenizerOf(place, configJson)),
    ...weights,
  }
}
