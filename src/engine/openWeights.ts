import * as v from 'valibot'
import { fail } from '../core/failure'
import type { WeightsFormat } from '../core/modelSource'
import { familyOf, parseModelConfig } from '../onnx/families'
import {
  type Checkpoint,
  openCheckpoint,
  openShards,
  parameterCount,
  precisionOf,
} from '../weights/checkpoint'
import { labelEntries, labelsOf, type ModelConfig } from '../weights/modelConfig'
import { finiteEncoder } from './forward/finiteEncoder'
import type { Runtime } from './forward/runtime'
import type { ModelFiles } from './modelFiles'
import { type ModelParts, openParts } from './modelParts'

/** Holds open weights of any format and their description. */
export interface OpenedWeights {
  readonly parts: ModelParts
  /** transformers' `model_type`; of ONNX files what config.json says. */
  readonly family: string
  /** L */
  readonly layers: number
  /** d */
  readonly width: number
  readonly vocabularySize: number
  readonly maxPositions: number
  readonly causal: boolean
  readonly parameters: number
  /** Precision in words: `fp32 weights, fp32 compute`. */
  readonly precision: string
}

/** Holds the sizes that are known before a tokenizer and weights are opened. */
export interface ModelSizes {
  readonly vocabularySize: number
  readonly maxPositions: number
}

/** Holds weights that wait for their tokenizer: it is read first, for it costs less where it is refused. */
export interface PendingWeights extends ModelSizes {
  open(runtime: Runtime, wordTableRuntime: Runtime): Promise<OpenedWeights>
}

export const weightsFilesOf = ({ weights, weightsName, moreWeights = [] }: ModelFiles) => [
  { name: weightsName, blob: weights },
  ...moreWeights,
]

async function checkpointOf(files: ModelFiles, format: WeightsFormat): Promise<Checkpoint> {
  const all = weightsFilesOf(files)
  if (format === 'torch') {
    const { openTorchShards } = await import('../weights/torchCheckpoint')
    return openTorchShards(all)
  }
  return all.length === 1 ? openCheckpoint(files.weightsName, files.weights) : openShards(all)
}

/**
 * Reads what a model is made of, of any format.
 *
 * @throws FailureError `unsupported-model` or `damaged-file`
 */
export async function readWeights(files: ModelFiles): Promise<PendingWeights> {
  const { format = 'safetensors' } = files
  if (format === 'onnx') return readOnnxWeights(files)
  const config = parseModelConfig(files.config)
  const checkpoint = await checkpointOf(files, format)
  return {
    ...config,
    open: async (runtime, wordTableRuntime) => {
      const parts = await openParts(runtime, wordTableRuntime, config, checkpoint)
      return {
        ...config,
        parts: { ...parts, encoder: finiteEncoder(parts.encoder, checkpoint) },
        causal: familyOf(config).causal,
        parameters: parameterCount(checkpoint),
        precision: precisionOf(checkpoint),
      }
    },
  }
}

const size = v.optional(v.pipe(v.number(), v.integer(), v.minValue(1), v.maxValue(2 ** 31 - 1)))

/** Sizes under the names that families give them (transformers, `attribute_map` of each config). */
const sizesSchema = v.object({
  model_type: v.optional(v.string(), 'unnamed'),
  vocab_size: size,
  hidden_size: size,
  n_embd: size,
  d_model: size,
  dim: size,
  num_hidden_layers: size,
  n_layer: size,
  n_layers: size,
  num_layers: size,
  max_position_embeddings: size,
  n_positions: size,
  n_ctx: size,
  ...labelEntries,
})

/** Longest text where config.json names none: short enough for every model with learned positions. */
const DEFAULT_POSITIONS = 512

async function readOnnxWeights(files: ModelFiles): Promise<PendingWeights> {
  const [{ readOnnxFile }, { openForeignModel }, { fitnessOf }, { GraphIndex }] = await Promise.all([
    import('../onnx/foreign/onnxFile'),
    import('./foreign/foreignModel'),
    import('../onnx/foreign/fitness'),
    import('../onnx/foreign/graphIndex'),
  ])
  const { weights, weightsName, moreWeights } = files
  const file = await readOnnxFile({ name: weightsName, blob: weights }, moreWeights)
  const parsed = v.safeParse(sizesSchema, files.config)
  if (!parsed.success) {
    const [issue] = parsed.issues
    const field = v.getDotPath(issue)
    fail('unsupported-model', `config.json cannot be used: ${field ? `${field}: ` : ''}${issue.message}.`)
  }
  const stated = parsed.output
  const labels = labelsOf(stated)
  // RoBERTa's positions count from 2; what its reader says holds.
  const known = knownConfig(files.config)
  const maxPositions =
    known?.maxPositions ??
    stated.max_position_embeddings ??
    stated.n_positions ??
    stated.n_ctx ??
    DEFAULT_POSITIONS
  const { precision } = fitnessOf(new GraphIndex(file))
  const { initializer } = file.graph
  const vocabularySize = stated.vocab_size ?? fail('unsupported-model', 'config.json names no vocab_size.')
  return {
    vocabularySize,
    maxPositions,
    open: async (runtime, wordTableRuntime) => {
      const { graph, causal, parts } = await openForeignModel(runtime, wordTableRuntime, file, {
        layers: stated.num_hidden_layers ?? stated.n_layer ?? stated.n_layers ?? stated.num_layers,
        width: stated.hidden_size ?? stated.n_embd ?? stated.d_model ?? stated.dim,
        vocabularySize,
        maxPositions,
        paddingIdx: known?.paddingIdx,
        ...(labels.length > 0 && { labels }),
      })
      return {
        parts: { ...parts, encoder: finiteEncoder(parts.encoder, null) },
        family: stated.model_type,
        layers: graph.layers,
        width: graph.width,
        vocabularySize: graph.vocabularySize,
        maxPositions,
        causal,
        parameters: initializer.reduce(
          (sum, { dims }) => sum + dims.reduce((product, dim) => product * Number(dim), 1),
          0,
        ),
        precision,
      }
    },
  }
}

function knownConfig(json: unknown): ModelConfig | null {
  try {
    return parseModelConfig(json)
  } catch {
    return null
  }
}
