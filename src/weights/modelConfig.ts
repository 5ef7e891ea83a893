import * as v from 'valibot'
import { fail } from '../core/failure'

const positiveInteger = v.pipe(v.number(), v.integer(), v.minValue(1), v.maxValue(2 ** 31 - 1))

const bertConfigSchema = v.pipe(
  v.object({
    model_type: v.literal('bert'),
    hidden_size: positiveInteger,
    num_hidden_layers: positiveInteger,
    num_attention_heads: positiveInteger,
    intermediate_size: positiveInteger,
    vocab_size: positiveInteger,
    max_position_embeddings: positiveInteger,
    type_vocab_size: positiveInteger,
    hidden_act: v.picklist(['gelu', 'relu', 'gelu_new', 'gelu_pytorch_tanh']),
    layer_norm_eps: v.pipe(v.number(), v.minValue(0)),
    position_embedding_type: v.optional(v.literal('absolute'), 'absolute'),
    is_decoder: v.optional(v.literal(false), false),
    id2label: v.optional(v.record(v.string(), v.string())),
  }),
  v.check(
    (config) => config.hidden_size % config.num_attention_heads === 0,
    'hidden_size is not a multiple of num_attention_heads',
  ),
)

/** What a graph needs to know of a model, in our own names. */
export interface BertConfig {
  readonly family: 'bert'
  /** L */
  readonly layers: number
  /** d */
  readonly width: number
  readonly heads: number
  readonly intermediate: number
  readonly vocabularySize: number
  readonly maxPositions: number
  /** Segment embeddings; the first is the one used. */
  readonly typeCount: number
  readonly activation: 'gelu' | 'relu' | 'gelu_new' | 'gelu_pytorch_tanh'
  readonly layerNormEpsilon: number
  /** By label id; empty where the file names none. */
  readonly labels: readonly string[]
}

/** Every family that can be read; one more is one more member, schema and graph. */
export type ModelConfig = BertConfig

function orderedLabels(id2label: Readonly<Record<string, string>> | undefined): string[] {
  if (!id2label) return []
  return Object.keys(id2label)
    .map(Number)
    .sort((a, b) => a - b)
    .map((id) => id2label[id])
}

/**
 * Reads transformers' `config.json`.
 *
 * @throws FailureError `unsupported-model` that names the first field at fault
 */
export function parseModelConfig(json: unknown): ModelConfig {
  const parsed = v.safeParse(bertConfigSchema, json)
  if (!parsed.success) {
    const [issue] = parsed.issues
    const field = v.getDotPath(issue)
    fail('unsupported-model', `config.json cannot be used: ${field ? `${field}: ` : ''}${issue.message}.`, {
      advice: 'Ripplescope reads BERT encoders with absolute positions.',
    })
  }
  const config = parsed.output
  return {
    family: config.model_type,
    layers: config.num_hidden_layers,
    width: config.hidden_size,
    heads: config.num_attention_heads,
    intermediate: config.intermediate_size,
    vocabularySize: config.vocab_size,
    maxPositions: config.max_position_embeddings,
    typeCount: config.type_vocab_size,
    activation: config.hidden_act,
    layerNormEpsilon: config.layer_norm_eps,
    labels: orderedLabels(config.id2label),
  }
}
