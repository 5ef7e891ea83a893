import * as v from 'valibot'
import { factor, positiveInteger, positiveNumber, refuseConfig } from './modelConfigFields'

/** Describes the rotary positions of one layer (Su et al. 2021). */
export interface Rotary {
  /**
   * Frequency of each pair of a head's entries, in fp32 as transformers computes them; entries after the last pair are
   * not rotated.
   */
  readonly frequencies: readonly number[]
  /** Factor of cos and sin. */
  readonly amplitude: number
  /** True if a pair is two adjacent entries; else an entry of the first half and one of the second. */
  readonly interleaved: boolean
  /** Other frequencies for texts of more than `beyond` tokens. */
  readonly long?: { readonly beyond: number; readonly frequencies: readonly number[] }
}

const TYPES = ['default', 'linear', 'dynamic', 'llama3', 'yarn', 'longrope'] as const
const rotaryType = v.optional(v.picklist(TYPES, `of rotary positions only ${TYPES.join(', ')} are read`))
const factors = v.optional(v.pipe(v.array(positiveNumber), v.maxLength(2048)))

/**
 * Checks transformers' fields of rotary positions: `rope_parameters` (5) or `rope_scaling` (4, there also under
 * `type`).
 */
const rotaryFields = v.object({
  rope_type: rotaryType,
  type: rotaryType,
  rope_theta: v.nullish(positiveNumber),
  partial_rotary_factor: v.nullish(v.pipe(v.number(), v.minValue(0), v.maxValue(1))),
  factor: v.nullish(positiveNumber),
  attention_factor: v.nullish(positiveNumber),
  low_freq_factor: v.optional(positiveNumber),
  high_freq_factor: v.optional(positiveNumber),
  original_max_position_embeddings: v.nullish(positiveInteger),
  beta_fast: v.nullish(positiveNumber),
  beta_slow: v.nullish(positiveNumber),
  mscale: v.nullish(factor),
  mscale_all_dim: v.nullish(factor),
  truncate: v.nullish(v.boolean(), true),
  short_factor: factors,
  long_factor: factors,
})
export type RotaryFields = v.InferOutput<typeof rotaryFields>

const typeOf = ({ rope_type, type }: Partial<RotaryFields>) => rope_type ?? type ?? 'default'

export const rotarySchema = v.pipe(
  rotaryFields,
  v.check(
    (rotary) => typeOf(rotary) !== 'linear' || rotary.factor != null,
    'rotary positions are scaled, but no factor is given',
  ),
  v.check(
    (rotary) =>
      typeOf(rotary) !== 'llama3' ||
      (rotary.factor != null &&
        rotary.low_freq_factor !== undefined &&
        rotary.high_freq_factor !== undefined),
    'llama3 rotary positions lack factor, low_freq_factor or high_freq_factor',
  ),
  v.check(
    (rotary) => typeOf(rotary) !== 'longrope' || Boolean(rotary.short_factor && rotary.long_factor),
    'longrope rotary positions lack short_factor or long_factor',
  ),
)

/** Schemas of the fields of a config.json about rotary positions, in either of transformers' ways of writing them. */
export const rotaryEntries = {
  rope_parameters: v.nullish(rotarySchema),
  rope_scaling: v.nullish(rotarySchema),
  rope_theta: v.nullish(positiveNumber),
  partial_rotary_factor: v.nullish(v.pipe(v.number(), v.minValue(0), v.maxValue(1))),
  original_max_position_embeddings: v.nullish(positiveInteger),
}

export interface StatedRotary {
  readonly rope_parameters?: RotaryFields | null
  readonly rope_scaling?: RotaryFields | null
  readonly rope_theta?: number | null
  readonly partial_rotary_factor?: number | null
  readonly original_max_position_embeddings?: number | null
}

export interface RotaryDefaults {
  readonly headSize: number
  readonly maxPositions: number
  readonly theta?: number
  readonly part?: number
  readonly interleaved?: boolean
}

/** Largest number of rotated entries: each pair needs a number. */
const MOST_TURNED = 4096

/**
 * Reads the rotary positions of a config.json as transformers does (`convert_rope_params_to_dict`): fields in the
 * object take precedence over those outside it, then come the family's defaults.
 *
 * @throws FailureError `unsupported-model` where the turned entries make no pairs
 */
export function rotaryOf(
  config: StatedRotary,
  { headSize, maxPositions, theta = 10_000, part = 1, interleaved = false }: RotaryDefaults,
): Rotary {
  const stated: Partial<RotaryFields> = config.rope_scaling ?? config.rope_parameters ?? {}
  const original = config.original_max_position_embeddings ?? stated.original_max_position_embeddings
  const turned = Math.trunc(headSize * (stated.partial_rotary_factor ?? config.partial_rotary_factor ?? part))
  if (turned % 2 === 1 || turned === 0 || turned > MOST_TURNED) {
    refuseConfig(`${turned} entries of a head cannot be turned in pairs`)
  }
  for (const by of [stated.short_factor, stated.long_factor]) {
    if (!by || by.length === turned / 2) continue
    refuseConfig(`longrope has ${by.length} factors, not ${turned / 2}`)
  }
  return {
    interleaved,
    ...rotaryFrequencies(turned, {
      ...stated,
      theta: stated.rope_theta ?? config.rope_theta ?? theta,
      maxPositions,
      original: original ?? maxPositions,
    }),
  }
}

interface FrequencyPlan extends Partial<RotaryFields> {
  readonly theta: number
  readonly maxPositions: number
  readonly original: number
}

const { fround } = Math

/**
 * Returns theta^(-2i / size) for pair i, stretched over longer texts as transformers' `ROPE_INIT_FUNCTIONS` do. `dynamic`
 * changes nothing up to the model's longest text, and no longer one is read.
 *
 * @param size how many of a head's entries are turned
 */
export function rotaryFrequencies(
  size: number,
  plan: FrequencyPlan,
): Pick<Rotary, 'frequencies' | 'amplitude' | 'long'> {
  const { theta, original, factor } = plan
  const powers = Array.from({ length: size / 2 }, (_, pair) => fround(theta ** fround((2 * pair) / size)))
  const frequencies = powers.map((power) => fround(1 / power))
  switch (typeOf(plan)) {
    case 'default':
    case 'dynamic':
      return { frequencies, amplitude: 1 }
    case 'linear':
      return { frequencies: frequencies.map((one) => fround(one / (factor ?? 1))), amplitude: 1 }
    case 'llama3':
      return { frequencies: frequencies.map((one) => fround(llama3(one, plan))), amplitude: 1 }
    case 'yarn':
      return yarn(size, powers, plan)
    case 'longrope': {
      const stretched = (by: readonly number[] = []) =>
        powers.map((power, i) => fround(1 / fround(by[i] * power)))
      const ratio = factor ?? plan.maxPositions / original
      const grown = ratio <= 1 ? 1 : Math.sqrt(1 + Math.log(ratio) / Math.log(original))
      return {
        frequencies: stretched(plan.short_factor),
        long: { beyond: original, frequencies: stretched(plan.long_factor) },
        amplitude: plan.attention_factor ?? grown,
      }
    }
  }
}

/**
 * Computes Llama 3.1's frequencies: high ones stay, low ones are divided by `factor`, those between are interpolated.
 */
function llama3(
  frequency: number,
  { factor, low_freq_factor: low = 1, high_freq_factor: high = 1, original }: FrequencyPlan,
): number {
  const by = factor ?? 1
  const wavelength = (2 * Math.PI) / frequency
  if (wavelength < original / high) return frequency
  if (wavelength > original / low) return frequency / by
  const smooth = (original / wavelength - low) / (high - low)
  return ((1 - smooth) * frequency) / by + smooth * frequency
}

/**
 * Computes YaRN (Peng et al. 2023): between two numbers of rotations over the original length, frequencies change from
 * stretched to unchanged.
 */
function yarn(
  size: number,
  powers: readonly number[],
  plan: FrequencyPlan,
): Pick<Rotary, 'frequencies' | 'amplitude'> {
  const { theta, original, truncate, mscale, mscale_all_dim: mscaleAll } = plan
  const factor = plan.factor ?? plan.maxPositions / original
  const pairOf = (rotations: number) =>
    (size * Math.log(original / (rotations * 2 * Math.PI))) / (2 * Math.log(theta))
  const whole = truncate ?? true
  const [first, last] = [pairOf(plan.beta_fast || 32), pairOf(plan.beta_slow || 1)]
  const low = Math.max(whole ? Math.floor(first) : first, 0)
  const high = Math.min(whole ? Math.ceil(last) : last, size - 1)
  const frequencies = powers.map((power, pair) => {
    const ramp = fround((pair - low) / (low === high ? 0.001 : high - low))
    const stretched = Math.min(Math.max(ramp, 0), 1)
    return fround(fround(1 / fround(factor * power)) * stretched + fround(1 / power) * fround(1 - stretched))
  })
  const grown = (by: number) => (factor <= 1 ? 1 : 0.1 * by * Math.log(factor) + 1)
  const amplitude =
    plan.attention_factor ?? (mscale && mscaleAll ? grown(mscale) / grown(mscaleAll) : grown(1))
  return { frequencies, amplitude }
}
