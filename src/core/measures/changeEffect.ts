import type { Provenance } from '../session/provenance'
import { layerwiseDistances, type Measurement } from './measurement'
import { type PredictionKind, predictionChange } from './prediction'
import type { Shift } from './shift'

/** Says how far a model's answer moved. */
export interface AnswerEffect {
  /**
   * Classifiers: value after minus before of the label that stood first before (a probability, or a score). Language
   * models: KL(before || after) of the expected token, in nats.
   */
  readonly change: number
  /** True if another label, or another token, comes first; `predictionChange` says when independent labels flip. */
  readonly flips: boolean
}

/** Holds what a change does, without the table of layers and positions: a review of many tokens holds one a token. */
export interface ChangeEffect {
  /** Norms of h_0(x) - h_0(x') over the whole sequence. */
  readonly shift: Shift
  /** D_L: l2 of h_L(x) - h_L(x') over the whole sequence. */
  readonly distance: number
  /** Null where the model gives no answer. */
  readonly answer: AnswerEffect | null
  readonly provenance: Provenance
}

/**
 * Returns the effect of a measured change, with a classifier's answer, or a causal language model's after the last token.
 *
 * @param kind how the logits of a classifier read
 */
export function effectOf(measurement: Measurement, kind: PredictionKind): ChangeEffect {
  const { shift, logits, nextToken, layers, provenance } = measurement
  const [last] = layerwiseDistances(measurement, layers - 1)
  const answer = logits ? labelEffect(logits, kind) : nextTokenEffect(nextToken)
  return { shift, distance: last.distance, answer, provenance }
}

/** Returns a classifier's part of an effect. */
export function labelEffect(
  logits: { readonly before: readonly number[]; readonly after: readonly number[] },
  kind: PredictionKind,
): AnswerEffect {
  const { difference, flips } = predictionChange([], logits, kind)
  return { change: difference, flips }
}

const nextTokenEffect = (change: Measurement['nextToken']): AnswerEffect | null =>
  change ? { change: change.divergence, flips: change.flips } : null
