/** One a pair of a head's entries, [headSize / 2], in fp32 as transformers computes them. */
export type RotaryFrequencies = readonly number[]

/** Ways of stretching rotary positions over longer texts that are implemented. */
export type RotaryScaling =
  | { readonly type: 'default' }
  /** All frequencies divided by `factor` (position interpolation, Chen et al. 2023). */
  | { readonly type: 'linear'; readonly factor: number }
  /** Llama 3.1's: high frequencies stay, low ones are divided by `factor`, those between are interpolated. */
  | {
      readonly type: 'llama3'
      readonly factor: number
      readonly lowFrequencyFactor: number
      readonly highFrequencyFactor: number
      readonly originalMaxPositions: number
    }

/** theta^(-2i / headSize) for pair i (Su et al. 2021), stretched. */
export function rotaryFrequencies(
  headSize: number,
  theta: number,
  scaling: RotaryScaling,
): RotaryFrequencies {
  const frequencies = Array.from({ length: headSize / 2 }, (_, pair) =>
    Math.fround(1 / Math.fround(theta ** Math.fround((2 * pair) / headSize))),
  )
  return frequencies.map((frequency) => Math.fround(stretched(frequency, scaling)))
}

function stretched(frequency: number, scaling: RotaryScaling): number {
  if (scaling.type === 'default') return frequency
  if (scaling.type === 'linear') return frequency / scaling.factor
  const { factor, lowFrequencyFactor, highFrequencyFactor, originalMaxPositions } = scaling
  const wavelength = (2 * Math.PI) / frequency
  if (wavelength < originalMaxPositions / highFrequencyFactor) return frequency
  if (wavelength > originalMaxPositions / lowFrequencyFactor) return frequency / factor
  const smooth =
    (originalMaxPositions / wavelength - lowFrequencyFactor) / (highFrequencyFactor - lowFrequencyFactor)
  return ((1 - smooth) * frequency) / factor + smooth * frequency
}
