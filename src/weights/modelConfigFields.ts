import * as v from 'valibot'
import { fail } from '../core/failure'

/** Names the kind of a model's head, in any family. */
export type HeadKind = 'none' | 'classification' | 'masked-lm' | 'causal-lm'

export type Activation = (typeof ACTIVATIONS)[keyof typeof ACTIVATIONS]

/** Holds what a graph needs to know of any model, in our own names. */
export interface CommonConfig {
  /** L */
  readonly layers: number
  /** d */
  readonly width: number
  readonly heads: number
  /** Inner width of the feed-forward part. */
  readonly intermediate: number
  readonly vocabularySize: number
  /** Longest sequence that can be read, special tokens included. */
  readonly maxPositions: number
  /** Id of the token that positions leave out, where these are counted from the ids; absent: every token is counted. */
  readonly paddingIdx?: number
  /** `pad_token_id`: id of padding, behind which a decoder's classifier does not look; null: none. */
  readonly padTokenId: number | null
  readonly activation: Activation
  /** Epsilon of LayerNorm or RMSNorm. */
  readonly normEpsilon: number
  /** Head that `architectures` names; null if it names none: the weights then decide. */
  readonly statedHead: HeadKind | null
  /** True if a language model's output table is the word table itself. */
  readonly tiedHead: boolean
  /** Name of each label at its id; empty if the file names none. */
  readonly labels: readonly string[]
}

export const positiveInteger = v.pipe(v.number(), v.integer(), v.minValue(1), v.maxValue(2 ** 31 - 1))
/**
 * Checks the number of layers; the limit is far more than any model has, since what is written once per layer must not
 * fill the memory.
 */
export const layerCount = v.pipe(positiveInteger, v.maxValue(1024))
export const headWidth = v.pipe(positiveInteger, v.maxValue(4096))
/** Checks the positions of families whose graph holds a number for each relative position. */
export const tabledPositions = v.pipe(positiveInteger, v.maxValue(2 ** 16))
/** Checks an id of a token, or the -1 of configs that have none. */
const tokenId = v.pipe(v.number(), v.integer(), v.minValue(-(2 ** 31)), v.maxValue(2 ** 31 - 1))
export const wholeNumber = v.pipe(v.number(), v.integer(), v.minValue(0), v.maxValue(2 ** 31 - 1))
// Bounds within which fp32 still computes.
export const epsilon = v.pipe(v.number(), v.minValue(0), v.maxValue(1))
export const factor = v.pipe(v.number(), v.minValue(-1e12), v.maxValue(1e12))
export const positiveNumber = v.pipe(v.number(), v.minValue(1e-12), v.maxValue(1e12))

/** Activations by transformers' names (ACT2FN), all but those with weights of their own. */
const ACTIVATIONS = {
  gelu: 'gelu',
  gelu_10: 'gelu-10',
  gelu_accurate: 'gelu-tanh',
  gelu_fast: 'gelu-tanh',
  gelu_new: 'gelu-tanh',
  gelu_python: 'gelu',
  gelu_python_tanh: 'gelu-tanh',
  gelu_pytorch_tanh: 'gelu-tanh',
  hardswish: 'hardswish',
  laplace: 'laplace',
  leaky_relu: 'leaky-relu',
  linear: 'linear',
  mish: 'mish',
  quick_gelu: 'quick-gelu',
  relu: 'relu',
  relu2: 'relu2',
  relu6: 'relu6',
  sigmoid: 'sigmoid',
  silu: 'silu',
  sqrtsoftplus: 'sqrtsoftplus',
  swish: 'silu',
  tanh: 'tanh',
} as const

export const activation = v.pipe(
  v.picklist(Object.keys(ACTIVATIONS) as (keyof typeof ACTIVATIONS)[]),
  v.transform((name): Activation => ACTIVATIONS[name]),
)

/** Suffixes of transformers' class names, by head. */
const HEAD_CLASSES: readonly (readonly [RegExp, HeadKind])[] = [
  [/ForSequenceClassification$/, 'classification'],
  [/(ForMaskedLM|BertForPreTraining)$/, 'masked-lm'],
  [/(LMHeadModel|ForCausalLM)$/, 'causal-lm'],
]

/**
 * Returns the head of a class; one with a head that is not read (question answering, tags, ...) counts as its bare
 * model.
 */
function headOf(architectures: readonly string[] | null | undefined): HeadKind | null {
  const [name] = architectures ?? []
  if (name === undefined) return null
  return HEAD_CLASSES.find(([pattern]) => pattern.test(name))?.[1] ?? 'none'
}

/** Largest number of labels, more than any head has; a name beyond them is never shown. */
const MOST_LABELS = 2 ** 16

/** Reads `id2label` into names by id. Names that are no texts (numbers, booleans) are written out. */
const namesById = v.pipe(
  v.nullish(v.record(v.string(), v.nullable(v.union([v.string(), v.number(), v.boolean()]))), {}),
  v.rawTransform(({ dataset: { value }, addIssue, NEVER }) => {
    const names = new Map<number, string | null>()
    for (const [id, name] of Object.entries(value)) {
      if (!/^\s*[0-9]+\s*$/.test(id)) {
        addIssue({ message: `the key ${id} is not a number of a label` })
        return NEVER
      }
      names.set(Number(id), name === null ? null : String(name))
    }
    return names
  }),
)

/** Schemas of the fields that name a classifier's labels. */
export const labelEntries = { id2label: namesById, num_labels: v.nullish(wholeNumber) }

/**
 * Returns the name of each label at its id, as transformers does (`PreTrainedConfig.num_labels`): where `num_labels` says
 * another number than there are names these are dropped, and an id without a name is called `LABEL_n`.
 *
 * @returns nothing where there are no names
 */
export function labelsOf({
  id2label,
  num_labels,
}: v.InferOutput<v.ObjectSchema<typeof labelEntries, undefined>>) {
  const labels: string[] = []
  if (num_labels != null && num_labels !== id2label.size) return labels
  for (const [id, name] of id2label) if (name !== null && id < MOST_LABELS) labels[id] = name
  return Array.from(labels, (label, id) => label ?? `LABEL_${id}`)
}

/** Schemas of the fields that every family has under these names. */
export const commonEntries = {
  vocab_size: positiveInteger,
  architectures: v.nullish(v.array(v.string())),
  ...labelEntries,
  pad_token_id: v.nullish(tokenId),
  tie_word_embeddings: v.nullish(v.boolean()),
  quantization_config: v.nullish(
    v.object({
      quant_method: v.literal('compressed-tensors', 'of quantised weights only compressed-tensors are read'),
      format: v.literal('int-quantized', 'of compressed-tensors only int8 with a scale per row is read'),
    }),
  ),
}

type CommonFields = v.InferOutput<v.ObjectSchema<typeof commonEntries, undefined>>

export function commonOf(config: CommonFields) {
  return {
    vocabularySize: config.vocab_size,
    statedHead: headOf(config.architectures),
    tiedHead: config.tie_word_embeddings ?? true,
    padTokenId: config.pad_token_id ?? null,
    labels: labelsOf(config),
  }
}

/** Refuses an encoder family's models that are set up as decoders. */
export const notADecoder = {
  is_decoder: v.optional(v.literal(false, 'decoders of this family are not read'), false),
  add_cross_attention: v.optional(v.literal(false, 'cross-attention is not read'), false),
}

/** Refuses a config.json because of a combination of its fields. @throws FailureError `unsupported-model` */
export function refuseConfig(reason: string): never {
  fail('unsupported-model', `config.json cannot be used: ${reason}.`, {
    advice: 'Open the model as an ONNX file instead, where there is one.',
  })
}

export const HEADS_DIVIDE_WIDTH = 'hidden_size is not a multiple of num_attention_heads'

interface HeadFields {
  readonly hidden_size: number
  readonly num_attention_heads: number
}

export const headsDivideWidth = (config: HeadFields) => config.hidden_size % config.num_attention_heads === 0
