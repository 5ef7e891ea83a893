import type { Provenance } from '../session/provenance'
import type { Shift } from './shift'
import type { Substitution } from './substitution'
import type { NextTokenChange } from './tokenPrediction'

/**
 * Holds the measures of one forward of a perturbed sequence against the original's hidden states. Rows are layers 0..L
 * (h_0 is the embedding layer's output), columns positions; row-major.
 */
export interface Measurement {
  readonly substitutions: readonly Substitution[]
  /** L + 1. */
  readonly layers: number
  /** n: tokens of the sequence. */
  readonly positions: number
  /** [L+1, n] l2 norm of h_l(x)_j - h_l(x')_j. */
  readonly distances: Float32Array
  /** [L+1, n] l2 norm of h_l(x)_j. */
  readonly originalNorms: Float32Array
  /** [L+1, n] l2 norm of h_l(x')_j. */
  readonly perturbedNorms: Float32Array
  /** Norms of h_0(x) - h_0(x') over the whole sequence. */
  readonly shift: Shift
  /** Logits by label; null where the model has no head. */
  readonly logits: { readonly before: readonly number[]; readonly after: readonly number[] } | null
  /** Change of the distribution after the last token; only of causal language models. */
  readonly nextToken?: NextTokenChange
  readonly provenance: Provenance
}

/** Holds one row of the layer table (measures.md: layer distance). */
export interface LayerDistance {
  readonly layer: number
  /** D_l: l2 over the whole sequence. */
  readonly distance: number
  /** l2 at the substituted positions alone. */
  readonly own: number
  /** D_l / norm of h_l(x). */
  readonly relative: number
  /** Cosine of h_l(x) and h_l(x'), each flattened over the sequence. */
  readonly cosine: number
}

function sumOfSquares(values: Float32Array, start: number, end: number): number {
  let sum = 0
  for (let i = start; i < end; i++) sum += values[i] * values[i]
  return sum
}

/**
 * Computes D_l and its companions for l = 0..L, summed in float64.
 *
 * The cosine is computed from norms, 1 - (D² - (|a| - |b|)²) / (2 |a| |b|): the plain scalar product would lose all
 * digits of a cosine this close to 1.
 *
 * @param from first layer wanted
 */
export function layerwiseDistances(measurement: Measurement, from = 0): LayerDistance[] {
  const { layers, positions, distances, originalNorms, perturbedNorms, substitutions } = measurement
  return Array.from({ length: layers - from }, (_, i) => {
    const layer = from + i
    const start = layer * positions
    const squared = sumOfSquares(distances, start, start + positions)
    const before = Math.sqrt(sumOfSquares(originalNorms, start, start + positions))
    const after = Math.sqrt(sumOfSquares(perturbedNorms, start, start + positions))
    const own = Math.sqrt(
      substitutions.reduce((sum, { position }) => sum + distances[start + position] ** 2, 0),
    )
    return {
      layer,
      distance: Math.sqrt(squared),
      own,
      relative: before > 0 ? Math.sqrt(squared) / before : Number.NaN,
      cosine:
        before > 0 && after > 0 ? 1 - (squared - (before - after) ** 2) / (2 * before * after) : Number.NaN,
    }
  })
}
