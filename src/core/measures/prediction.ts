/**
 * Names the meaning of a classifier's logits: probabilities that sum to one, a probability of each label by itself, or
 * scores that are no probabilities. A further kind is one more entry of `READINGS`.
 */
export type PredictionKind = 'softmax' | 'sigmoid' | 'score'

export interface BeforeAndAfter {
  readonly before: readonly number[]
  readonly after: readonly number[]
}

/** Compares the model's answers before and after a change. */
export interface PredictionChange {
  readonly kind: PredictionKind
  readonly labels: readonly string[]
  readonly logits: BeforeAndAfter
  /** Probabilities by label; null where the model gives scores. */
  readonly probabilities: BeforeAndAfter | null
  /** Values to show, by label: the probabilities, or the scores. */
  readonly values: BeforeAndAfter
  /** Index of the label with the highest value before and after. */
  readonly label: { readonly before: number; readonly after: number }
  /** Value after minus before, of the label that was first before the change. */
  readonly difference: number
  /** KL(before || after) in nats, over labels that are independent summed; NaN for scores. */
  readonly divergence: number
  /** True if another label is first or, with independent labels, the first passes one half; never for scores. */
  readonly flips: boolean
}

/** Computes softmax in float64, shifted by the maximum. */
export function softmax(logits: readonly number[]): number[] {
  const maximum = Math.max(...logits)
  const exponentials = logits.map((logit) => Math.exp(logit - maximum))
  const sum = exponentials.reduce((total, value) => total + value, 0)
  return exponentials.map((value) => value / sum)
}

function logSoftmax(logits: readonly number[]): number[] {
  const maximum = Math.max(...logits)
  const logSum = Math.log(logits.reduce((sum, logit) => sum + Math.exp(logit - maximum), 0))
  return logits.map((logit) => logit - maximum - logSum)
}

export function argmax(values: ArrayLike<number>): number {
  let best = 0
  for (let i = 1; i < values.length; i++) if (values[i] > values[best]) best = i
  return best
}

const sigmoid = (logit: number) => 1 / (1 + Math.exp(-logit))

/** Computes ln sigmoid(logit), without overflow. */
const logSigmoid = (logit: number) => Math.min(0, logit) - Math.log1p(Math.exp(-Math.abs(logit)))

/** Computes p ln(p / q), 0 where p is 0. */
const term = (p: number, logP: number, logQ: number) => (p > 0 ? p * (logP - logQ) : 0)

interface Reading {
  readonly values: (logits: readonly number[]) => number[]
  readonly isProbability: boolean
  /** KL(before || after) in nats. */
  readonly divergence: (before: readonly number[], after: readonly number[]) => number
}

const READINGS: Readonly<Record<PredictionKind, Reading>> = {
  softmax: {
    values: softmax,
    isProbability: true,
    divergence: (before, after) => {
      const [p, logP, logQ] = [softmax(before), logSoftmax(before), logSoftmax(after)]
      return p.reduce((sum, value, i) => sum + term(value, logP[i], logQ[i]), 0)
    },
  },
  sigmoid: {
    values: (logits) => logits.map(sigmoid),
    isProbability: true,
    divergence: (before, after) =>
      before.reduce((sum, a, i) => {
        const b = after[i]
        const [yes, no] = [
          term(sigmoid(a), logSigmoid(a), logSigmoid(b)),
          term(sigmoid(-a), logSigmoid(-a), logSigmoid(-b)),
        ]
        return sum + yes + no
      }, 0),
  },
  score: { values: (logits) => [...logits], isProbability: false, divergence: () => Number.NaN },
}

export const PREDICTION_KINDS = Object.keys(READINGS) as readonly PredictionKind[]

/** Returns the meaning of a model's logits. */
export const predictionKind = (
  model: { readonly details?: { readonly prediction?: PredictionKind } } | null | undefined,
): PredictionKind => model?.details?.prediction ?? 'softmax'

/** Says whether values of a kind are probabilities. */
export const givesProbabilities = (kind: PredictionKind): boolean => READINGS[kind].isProbability

/** Returns the value shown for each label: a probability, or a score. */
export const predictionValues = (logits: readonly number[], kind: PredictionKind): number[] =>
  READINGS[kind].values(logits)

/**
 * Says whether an answer flips, given the first label before and after, and the probabilities of the one that was first
 * before.
 */
export const isFlip = (
  kind: PredictionKind,
  label: { readonly before: number; readonly after: number },
  probability: { readonly before: number; readonly after: number },
): boolean =>
  givesProbabilities(kind) &&
  (label.before !== label.after ||
    (kind === 'sigmoid' && probability.before >= 0.5 !== probability.after >= 0.5))

/**
 * Compares a classifier's answers before and after a change.
 *
 * @param logits one per label
 * @param kind how they read; `softmax` where the model does not say otherwise
 */
export function predictionChange(
  labels: readonly string[],
  logits: BeforeAndAfter,
  kind: PredictionKind = 'softmax',
): PredictionChange {
  const [before, after] = [predictionValues(logits.before, kind), predictionValues(logits.after, kind)]
  const values = { before, after }
  const label = { before: argmax(logits.before), after: argmax(logits.after) }
  const first = { before: before[label.before], after: after[label.before] }
  return {
    kind,
    labels,
    logits,
    probabilities: givesProbabilities(kind) ? values : null,
    values,
    label,
    difference: first.after - first.before,
    divergence: READINGS[kind].divergence(logits.before, logits.after),
    flips: isFlip(kind, label, first),
  }
}
