import * as v from 'valibot'
import { FailureError } from '../../core/failure'
import { parseModelConfig } from '../../onnx/families'
import type { ForeignSettings } from './foreignModel'

/** Texts of models whose longest is not stated. */
const USUAL_POSITIONS = 512

const size = v.optional(v.pipe(v.number(), v.integer(), v.minValue(1)))

/** The same sizes under the names that families give them. */
const settingsSchema = v.object({
  num_hidden_layers: size,
  n_layer: size,
  n_layers: size,
  hidden_size: size,
  n_embd: size,
  dim: size,
  vocab_size: size,
  max_position_embeddings: size,
  n_positions: size,
  id2label: v.optional(v.record(v.string(), v.string())),
})

/**
 * Reads what config.json says of a model of any family that is opened from an ONNX file; adds nothing to it.
 *
 * @param json null where there is no config.json
 */
export function foreignSettings(json: unknown): ForeignSettings {
  try {
    const { layers, width, vocabularySize, maxPositions, labels } = parseModelConfig(json)
    return { layers, width, vocabularySize, maxPositions, labels }
  } catch (thrown) {
    if (!(thrown instanceof FailureError)) throw thrown
  }
  const parsed = v.safeParse(settingsSchema, json)
  if (!parsed.success) return { maxPositions: USUAL_POSITIONS }
  const { output: said } = parsed
  const labels = Object.entries(said.id2label ?? {})
    .sort(([a], [b]) => Number(a) - Number(b))
    .map(([, label]) => label)
  return {
    layers: said.num_hidden_layers ?? said.n_layer ?? said.n_layers,
    width: said.hidden_size ?? said.n_embd ?? said.dim,
    vocabularySize: said.vocab_size,
    maxPositions: said.max_position_embeddings ?? said.n_positions ?? USUAL_POSITIONS,
    labels,
  }
}
