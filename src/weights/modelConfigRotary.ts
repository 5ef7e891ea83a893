import * as v from 'valibot'
import { positiveInteger, positiveNumber } from './modelConfigFields'
import type { RotaryScaling } from './rotaryFrequencies'

export const ROTARY_WIDTH = 'rotary positions need heads of an even width, at most 4096'
export const isRotaryWidth = (width: number) => width % 2 === 0 && width <= 4096

const NOT_READ = 'only default, linear and llama3 rotary positions are read'

/** What transformers writes of rotary positions: `rope_parameters` (5) or `rope_scaling` (4, there also under `type`). */
const rotaryEntries = {
  rope_type: v.optional(v.picklist(['default', 'linear', 'llama3'], NOT_READ)),
  type: v.optional(v.picklist(['default', 'linear', 'llama3'], NOT_READ)),
  rope_theta: v.optional(positiveNumber),
  partial_rotary_factor: v.optional(v.literal(1, 'rotary positions of part of a head are not read'), 1),
  factor: v.optional(positiveNumber),
  low_freq_factor: v.optional(positiveNumber),
  high_freq_factor: v.optional(positiveNumber),
  original_max_position_embeddings: v.optional(positiveInteger),
}

export const rotarySchema = v.pipe(
  v.object(rotaryEntries),
  v.check(
    (rotary) => typeOf(rotary) === 'default' || rotary.factor !== undefined,
    'rotary positions are scaled, but no factor is given',
  ),
  v.check(
    (rotary) =>
      typeOf(rotary) !== 'llama3' ||
      (rotary.low_freq_factor !== undefined &&
        rotary.high_freq_factor !== undefined &&
        rotary.original_max_position_embeddings !== undefined),
    'llama3 rotary positions lack low_freq_factor, high_freq_factor or original_max_position_embeddings',
  ),
)

type RotaryFields = Partial<v.InferOutput<v.ObjectSchema<typeof rotaryEntries, undefined>>>

const typeOf = (rotary: RotaryFields) => rotary.rope_type ?? rotary.type ?? 'default'

/** @param rotary checked by `rotarySchema` */
export function scalingOf(rotary: RotaryFields): RotaryScaling {
  const type = typeOf(rotary)
  const { factor = 1 } = rotary
  if (type === 'default') return { type }
  if (type === 'linear') return { type, factor }
  return {
    type,
    factor,
    lowFrequencyFactor: rotary.low_freq_factor ?? 1,
    highFrequencyFactor: rotary.high_freq_factor ?? 1,
    originalMaxPositions: rotary.original_max_position_embeddings ?? 1,
  }
}
