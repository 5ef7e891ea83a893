import * as v from 'valibot'
import type { ModelInfo } from '../explorer'
import { fail } from '../failure'
import { packedSchema } from './snapshotArrays'

const count = v.pipe(v.number(), v.integer(), v.minValue(0))
const amount = v.pipe(v.number(), v.finite())
/** Pairs of position and token id: position, tokenId, position, tokenId, ... */
const flatSubstitutions = v.array(count)
const shift = v.strictObject({ l1: amount, l2: amount, linf: amount })

/** Neighbour: tokenId, cosine, shift l1 l2 linf, raw shift l1 l2 linf. */
const neighbor = v.tuple([count, amount, amount, amount, amount, amount, amount, amount])

const modelInfo: v.GenericSchema<unknown, ModelInfo> = v.strictObject({
  id: v.string(),
  family: v.string(),
  layers: count,
  width: count,
  vocabularySize: count,
  maxTokens: count,
  labels: v.array(v.string()),
  parameters: count,
  bytes: count,
  provenance: v.strictObject({
    modelId: v.string(),
    sha256: v.pipe(v.string(), v.regex(/^[0-9a-f]{64}$/)),
    precision: v.string(),
    device: v.string(),
    shipped: v.boolean(),
    family: v.optional(v.string()),
    file: v.optional(v.string()),
    revision: v.optional(v.string()),
  }),
  details: v.optional(
    v.strictObject({
      head: v.picklist(['none', 'classification', 'masked-lm', 'causal-lm']),
      causal: v.boolean(),
      format: v.picklist(['safetensors', 'torch', 'onnx']),
      files: v.array(v.string()),
      kept: v.boolean(),
      maskId: v.optional(count),
    }),
  ),
})

const measurement = v.strictObject({
  substitutions: flatSubstitutions,
  /** [L+1, n], logarithmic */
  distances: packedSchema,
  /** [L+1, n] perturbed - original norms, linear */
  normChanges: packedSchema,
  shift,
  logits: v.array(amount),
})

/** Checks the closest tokens at every layer of some positions: [L+1, positions, k]. */
const reading = v.strictObject({
  substitutions: flatSubstitutions,
  positions: v.array(count),
  k: count,
  tokenIds: v.array(count),
  cosines: v.array(amount),
})

/** Checks precomputed results of one example review: the answers that an Explorer would give. */
export const snapshotSchema = v.strictObject({
  format: v.literal('ripplescope-snapshot'),
  version: v.literal(1),
  slug: v.string(),
  model: modelInfo,
  text: v.string(),
  /** Position of the token that is explored when the example opens. */
  position: count,
  /** id, text, special, start, end */
  tokens: v.array(v.tuple([count, v.string(), v.boolean(), count, count])),
  /** Names, by id, of all tokens in the results. */
  names: v.record(v.string(), v.string()),
  /** Neighbours by position, nearest first; empty for special tokens. */
  neighbors: v.array(v.array(neighbor)),
  /** Longer list for the default position. */
  chosenNeighbors: v.array(neighbor),
  /** [L+1, n] exact float32 */
  originalNorms: v.string(),
  /** Empty where the model has no head. */
  originalLogits: v.array(amount),
  measurements: v.array(measurement),
  readings: v.array(reading),
})

export type Snapshot = v.InferOutput<typeof snapshotSchema>

/** Returns the number of bytes that base64 encodes. */
const base64Bytes = (text: string) => (text.length / 4) * 3 - (text.match(/=*$/)?.[0].length ?? 0)

function isCoherent({ model, tokens, neighbors, originalNorms, measurements, readings }: Snapshot): boolean {
  const rows = model.layers + 1
  const cells = rows * tokens.length
  return (
    neighbors.length === tokens.length &&
    base64Bytes(originalNorms) === 4 * cells &&
    measurements.every(
      ({ distances, normChanges }) =>
        base64Bytes(distances.data) === 2 * cells && base64Bytes(normChanges.data) === 2 * cells,
    ) &&
    readings.every(({ positions, k, tokenIds, cosines }) => {
      const expected = rows * positions.length * k
      return tokenIds.length === expected && cosines.length === expected
    })
  )
}

/**
 * Checks shipped results.
 *
 * @param value parsed JSON
 * @throws FailureError `damaged-file`
 */
export function parseSnapshot(value: unknown): Snapshot {
  const parsed = v.safeParse(snapshotSchema, value, { abortEarly: true })
  if (!parsed.success || !isCoherent(parsed.output)) {
    return fail('damaged-file', 'The shipped results of this example are damaged.', {
      kept: 'The text was kept.',
      advice: 'The results come as soon as the model is open.',
    })
  }
  return parsed.output
}
