import { readFileSync } from 'node:fs'
import type { Substitution } from './substitution'

/**
 * Describes two distributions, as training/reference_predictions.py writes them; both numbers of a pair: before, after.
 */
export interface ReferenceChange {
  readonly topBefore: readonly number[]
  readonly topAfter: readonly number[]
  readonly also: readonly {
    readonly tokenId: number
    readonly p: readonly [number, number]
    readonly rank: readonly [number, number]
  }[]
  readonly entropy: readonly [number, number]
  readonly divergence: number
}

interface ReferenceLikelihoods {
  readonly logProbabilities: readonly number[]
  readonly ranks: readonly number[]
}

/** Describes one tiny model, or ONNX file, and one change of one text. */
export interface ReferencePredictions {
  /** Name of the folder or the file. */
  readonly name: string
  readonly head: 'masked-lm' | 'causal-lm'
  readonly inputIds: readonly number[]
  readonly maskId: number | null
  readonly substitution: Substitution
  readonly predictions: readonly ({ readonly position: number } & ReferenceChange)[]
  readonly likelihoods: {
    readonly positions: readonly number[]
    readonly before: ReferenceLikelihoods
    readonly after: ReferenceLikelihoods
  }
}

interface PredictionsFixture {
  readonly models: readonly ReferencePredictions[]
  readonly files: readonly ReferencePredictions[]
  /** Distributions of scores that come from no model. */
  readonly distributions: readonly ({
    readonly name: string
    readonly scores: readonly (readonly number[])[]
    readonly logProbabilities: readonly (readonly number[])[]
  } & ReferenceChange)[]
}

export const PREDICTIONS = JSON.parse(
  readFileSync(new URL('../../../fixtures/predictions.json', import.meta.url), 'utf8'),
) as PredictionsFixture
