import { layerPairs } from './besideLayers'
import { type LayerDistance, layerwiseDistances, type Measurement } from './measurement'
import type { NORMS } from './norm'
import { type PredictionChange, type PredictionKind, predictionChange } from './prediction'
import type { TokenPrediction } from './tokenPrediction'

/** Holds one side of a comparison: a measured change. */
export interface BesideSide {
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
export interface BesideNumber {
  readonly first: number | null
  readonly second: number | null
  /** Second minus first. */
  readonly difference: number | null
  /** Second over first. */
  readonly ratio: number | null
}

/** Compares layers of both sides at the same relative depth l / L. */
export interface BesideLayer {
  readonly depth: number
  readonly layers: { readonly first: number; readonly second: number }
  /** D_l */
  readonly distance: BesideNumber
  /** D_l / norm of h_l(x) */
  readonly relative: BesideNumber
}

/** Compares all measures of one change on two sides (measures.md). */
export interface BesideTable {
  readonly cosine: BesideNumber
  readonly shift: Readonly<Record<(typeof NORMS)[number], BesideNumber>>
  /** Distance at each side's last layer. */
  readonly lastDistance: BesideNumber
  readonly lastRelative: BesideNumber
  readonly predictions: { readonly first: PredictionChange | null; readonly second: PredictionChange | null }
  /** Distributions of language models at aligned positions, in nats; null if neither side is a language model. */
  readonly distribution: {
    /** KL(before || after) */
    readonly divergence: BesideNumber
    readonly entropyBefore: BesideNumber
    readonly entropyAfter: BesideNumber
  } | null
  /** Embedding layer first. */
  readonly layers: readonly BesideLayer[]
}

const finite = (value: number | null | undefined) =>
  value === null || value === undefined || !Number.isFinite(value) ? null : value

export function besideNumber(
  first: number | null | undefined,
  second: number | null | undefined,
): BesideNumber {
  const [a, b] = [finite(first), finite(second)]
  if (a === null || b === null) return { first: a, second: b, difference: null, ratio: null }
  return { first: a, second: b, difference: b - a, ratio: finite(b / a) }
}

function predictionOf({ measurement, labels, prediction }: BesideSide): PredictionChange | null {
  const { logits } = measurement
  if (!logits) return null
  const names =
    labels.length === logits.before.length ? labels : logits.before.map((_, label) => `LABEL_${label}`)
  return predictionChange(names, logits, prediction)
}

function distributionOf(
  { tokenPrediction: first }: BesideSide,
  { tokenPrediction: second }: BesideSide,
): BesideTable['distribution'] {
  if (!first && !second) return null
  return {
    divergence: besideNumber(first?.divergence, second?.divergence),
    entropyBefore: besideNumber(first?.entropy.before, second?.entropy.before),
    entropyAfter: besideNumber(first?.entropy.after, second?.entropy.after),
  }
}

export function besideTable(first: BesideSide, second: BesideSide): BesideTable {
  const [ours, theirs] = [layerwiseDistances(first.measurement), layerwiseDistances(second.measurement)]
  const numberOf = (read: (layer: LayerDistance) => number, i: number, j: number) =>
    besideNumber(read(ours[i]), read(theirs[j]))
  const [lastOurs, lastTheirs] = [ours.length - 1, theirs.length - 1]
  const shift = (norm: (typeof NORMS)[number]) =>
    besideNumber(first.measurement.shift[norm], second.measurement.shift[norm])
  return {
    cosine: besideNumber(first.cosine, second.cosine),
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
