import { fail } from '../../core/failure'

/** One file of a model on the hub. */
export interface HubFile {
  readonly path: string
  readonly bytes: number
  /** Of large files (LFS), lower-case hex. */
  readonly sha256: string | null
  /** git's own hash of small files: sha1 of `blob LENGTH\0` and the bytes. */
  readonly blobSha1: string | null
}

export type HubWeightsFormat = 'safetensors' | 'torch'

/** The files of a model that are worth fetching. */
export interface HubFileChoice {
  readonly config: HubFile
  readonly tokenizer: HubFile
  readonly tokenizerConfig: HubFile | null
  readonly specialTokens: HubFile | null
  /** One file, or all shards in their order; null where the model comes as ONNX only. */
  readonly weights: { readonly format: HubWeightsFormat; readonly files: readonly HubFile[] } | null
  /** Every ONNX graph with its external data, for the reader of those to choose from. */
  readonly onnx: readonly HubFile[]
}

const SAFETENSORS = 'model.safetensors'
const SAFETENSORS_SHARD = /^model-(\d{5})-of-(\d{5})\.safetensors$/
const TORCH = 'pytorch_model.bin'
const TORCH_SHARD = /^pytorch_model-(\d{5})-of-(\d{5})\.bin$/
const ONNX = /\.onnx(?:[._]data(?:_\d+)?)?$/
/** Weights of formats that are not read, for a sentence. */
const OTHER_WEIGHTS = /\.(safetensors|bin|h5|msgpack|ot|gguf|ggml|pt|pth|ckpt|tflite|mlmodel|pkl)$/
const MOST_NAMED = 4

/** Every shard that the names speak of, in their order; null where there are none or some are missing. */
function shardsOf(files: readonly HubFile[], pattern: RegExp): HubFile[] | null {
  const shards = files.filter(({ path }) => pattern.test(path)).sort((a, b) => (a.path < b.path ? -1 : 1))
  const complete = shards.every(({ path }, i) => {
    const [, index, count] = pattern.exec(path) ?? []
    return Number(index) === i + 1 && Number(count) === shards.length
  })
  return shards.length > 0 && complete ? shards : null
}

function weightsOf(files: readonly HubFile[]): HubFileChoice['weights'] {
  const named = (name: string) => {
    const file = files.find(({ path }) => path === name)
    return file ? [file] : null
  }
  const safetensors = named(SAFETENSORS) ?? shardsOf(files, SAFETENSORS_SHARD)
  if (safetensors) return { format: 'safetensors', files: safetensors }
  const torch = named(TORCH) ?? shardsOf(files, TORCH_SHARD)
  return torch ? { format: 'torch', files: torch } : null
}

function namesOf(files: readonly HubFile[]): string {
  const names = files.slice(0, MOST_NAMED).map(({ path }) => path.slice(0, 80))
  return files.length > MOST_NAMED
    ? `${names.join(', ')} and ${files.length - MOST_NAMED} more`
    : names.join(', ')
}

function refuseWeights(id: string, files: readonly HubFile[]): never {
  if (files.some(({ path }) => path === 'adapter_config.json')) {
    fail(
      'unsupported-model',
      `${id} is an adapter: a change to another model, without that model's weights.`,
      {
        advice:
          'Merge it into its base model with peft (merge_and_unload), save that, and drop its folder here.',
      },
    )
  }
  const others = files.filter(({ path }) => OTHER_WEIGHTS.test(path))
  const found = others.length > 0 ? `it has only ${namesOf(others)}` : 'it has none'
  fail('unsupported-model', `${id} has no weights that are read: ${found}.`, {
    advice: `Read are ${SAFETENSORS}, ${TORCH} (also in shards) and ONNX files. transformers' save_pretrained writes the first.`,
  })
}

/**
 * Which of a model's files to fetch: safetensors before torch's files, single ones before shards.
 *
 * @throws FailureError `unsupported-model` that says what is missing and what there is instead
 */
export function chooseHubFiles(id: string, files: readonly HubFile[]): HubFileChoice {
  const named = (name: string) => files.find(({ path }) => path === name) ?? null
  const weights = weightsOf(files)
  const onnx = files.filter(({ path }) => ONNX.test(path) && !path.split('/').includes('..'))
  if (!weights && onnx.length === 0) refuseWeights(id, files)
  const config = named('config.json')
  if (!config) fail('unsupported-model', `${id} has no config.json: it is no model of transformers.`)
  const tokenizer = named('tokenizer.json')
  if (!tokenizer) {
    const slow = files.filter(({ path }) =>
      /^(vocab\.(txt|json)|merges\.txt|.*spm?\.model|.*\.bpe\.model)$/.test(path),
    )
    const instead = slow.length > 0 ? `, only ${namesOf(slow)} of a slow tokenizer` : ''
    fail('unsupported-model', `${id} has no tokenizer.json${instead}.`, {
      advice: "transformers' AutoTokenizer.from_pretrained(...).save_pretrained(...) writes one.",
    })
  }
  return {
    config,
    tokenizer,
    tokenizerConfig: named('tokenizer_config.json'),
    specialTokens: named('special_tokens_map.json'),
    weights,
    onnx,
  }
}
