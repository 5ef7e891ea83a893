import { type LayerDistance, layerwiseDistances, type Measurement } from '../measures/measurement'
import type { NORMS } from '../measures/norm'
import { type PredictionChange, type PredictionKind, predictionChange } from '../measures/prediction'
import type { TokenPrediction } from '../measures/tokenPrediction'
import { layerPairs } from './layerPairs'

/** Holds one side of a comparison: a measured change. */
export interface ComparedSide {
  readonly measurement: Measurement
  /** Labels of the model's head; empty where it has none. */
  readonly labels: readonly string[]
  /** Meaning of the head's logits; absent: softmax. */
  readonly prediction?: PredictionKind
  /** cos(W_t, W_v) of the explored token and its substitute; null if none is explored. */
  readonly cosine: number | null
  /** Distribution at the position looked at; null or absent without a language model. */
  readonly tokenPrediction?: TokenPrediction | null
}

/** Holds one number of both sides. Null where a side has none. */
export interface ComparedNumber {
  readonly first: number | null
  readonly second: number | null
  /** Second minus first. */
  readonly difference: number | null
  /** Second over first. */
  readonly ratio: number | null
}

/** Compares layers of both sides at the same relative depth l / L. */
export interface ComparedLayer {
  readonly depth: number
  readonly layers: { readonly first: number; readonly second: number }
  /** D_l */
  readonly distance: ComparedNumber
  /** D_l / norm of h_l(x) */
  readonly relative: ComparedNumber
}

/** Compares all measures of one change on two sides (measures.md). */
export interface ComparisonTable {
  readonly cosine: ComparedNumber
  readonly shift: Readonly<Record<(typeof NORMS)[number], ComparedNumber>>
  /** Distance at each side's last layer. */
  readonly lastDistance: ComparedNumber
  readonly lastRelative: ComparedNumber
  readonly predictions: { readonly first: PredictionChange | null; readonly second: PredictionChange | null }
  /** Distributions of language models at aligned positions, in nats; null if neither side is a language model. */
  readonly distribution: {
    /** KL(before || after) */
    readonly divergence: ComparedNumber
    readonly entropyBefore: ComparedNumber
    readonly entropyAfter: ComparedNumber
  } | null
  /** Embedding layer first. */
  readonly layers: readonly ComparedLayer[]
}

const finite = (value: number | null | undefined) =>
  value === null || value === undefined || !Number.isFinite(value) ? null : value

export function comparedNumber(
  first: number | null | undefined,
  second: number | null | undefined,
): ComparedNumber {
  const [a, b] = [finite(first), finite(second)]
  if (a === null || b === null) return { first: a, second: b, difference: null, ratio: null }
  return { first: a, second: b, difference: b - a, ratio: finite(b / a) }
}

function predictionOf({ measurement, labels, prediction }: ComparedSide): PredictionChange | null {
  const { logits } = measurement
  if (!logits) return null
  const names =
    labels.length === logits.before.length ? labels : logits.before.map((_, label) => `LABEL_${label}`)
  return predictionChange(names, logits, prediction)
}

function distributionOf(
  { tokenPrediction: first }: ComparedSide,
  { tokenPrediction: second }: ComparedSide,
): ComparisonTable['distribution'] {
  if (!first && !second) return null
  return {
    divergence: comparedNumber(first?.divergence, second?.divergence),
    entropyBefore: comparedNumber(first?.entropy.before, second?.entropy.before),
    entropyAfter: comparedNumber(first?.entropy.after, second?.entropy.after),
  }
}

export function comparisonTable(first: ComparedSide, second: ComparedSide): ComparisonTable {
  const [ours, theirs] = [layerwiseDistances(first.measurement), layerwiseDistances(second.measurement)]
  const numberOf = (read: (layer: LayerDistance) => number, i: number, j: number) =>
    comparedNumber(read(ours[i]), read(theirs[j]))
  const [lastOurs, lastTheirs] = [ours.length - 1, theirs.length - 1]
  const shift = (norm: (typeof NORMS)[number]) =>
    comparedNumber(first.measurement.shift[norm], second.measurement.shift[norm])
  return {
    cosine: comparedNumber(first.cosine, second.cosine),
    shift: { l1: shift('l1'), l2: shift('l2'), linf: shift('linf') },
    lastDistance: numberOf(({ distance }) => distance, lastOurs, lastTheirs),
    lastRelative: numberOf(({ relative }) => relative, lastOurs, lastTheirs),
    predictions: { first: predictionOf(first), second: predictionOf(second) },
    distribution: distributionOf(first, second),
    layers: layerPairs(lastOurs, lastTheirs).map(({ depth, first: i, second: j }) => ({
      depth,
      layers: { first: i, second: j },
      distance: numberOf(({ distance }) => distance, i, j),
      relative: numberOf(({ relative }) => relative, i, j),
    })),
  }
}
