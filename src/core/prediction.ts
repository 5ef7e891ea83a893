/** What the change did to the model's answer (measures.md: prediction change). */
export interface PredictionChange {
  readonly labels: readonly string[]
  readonly logits: { readonly before: readonly number[]; readonly after: readonly number[] }
  readonly probabilities: { readonly before: readonly number[]; readonly after: readonly number[] }
  /** Index of the label before and after. */
  readonly label: { readonly before: number; readonly after: number }
  /** Probability after minus before, of the label that stood first before the change. */
  readonly difference: number
  /** KL(before || after) in nats. */
  readonly divergence: number
  readonly flips: boolean
}

/** Softmax in float64, shifted by the maximum. */
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

/** @param logits one per label, before and after */
export function predictionChange(
  labels: readonly string[],
  logits: { readonly before: readonly number[]; readonly after: readonly number[] },
): PredictionChange {
  const before = softmax(logits.before)
  const after = softmax(logits.after)
  const logBefore = logSoftmax(logits.before)
  const logAfter = logSoftmax(logits.after)
  const label = { before: argmax(logits.before), after: argmax(logits.after) }
  return {
    labels,
    logits,
    probabilities: { before, after },
    label,
    difference: after[label.before] - before[label.before],
    divergence: before.reduce((sum, p, i) => sum + (p > 0 ? p * (logBefore[i] - logAfter[i]) : 0), 0),
    flips: label.before !== label.after,
  }
}
