import type { LearnedReadings } from '../../core/corpus/corpusEngine'
import { createRecordBuilder } from '../../core/corpus/records/recordBuilder'
import {
  distanceColumn,
  l2RankColumn,
  learnedRankColumn,
  NO_LABEL,
  NONE,
  ownColumn,
  PAIR_PARTS,
  pairColumn,
  rankColumn,
  similarityColumn,
} from '../../core/corpus/records/records'
import type { RunSettings } from '../../core/corpus/runSettings'
import { PERTURBATIONS, PLACES } from '../../core/corpus/runSettings'
import { NORMS } from '../../core/measures/norm'
import {
  argmax,
  type PredictionKind,
  predictionChange,
  predictionValues,
} from '../../core/measures/prediction'
import type { PlannedPair, PlannedPerturbation } from './sequencePlan'
import type { Nearest } from './substituteCache'

/** Holds a sampled text as the model reads it. */
export interface EncodedSequence {
  /** Index in the sample. */
  readonly sequence: number
  /** Row of the corpus. */
  readonly row: number
  readonly inputIds: readonly number[]
  readonly truncated: boolean
}

/** Holds measures of variants, by their index in the plan. */
export interface MeasuredVariants {
  /** [v, 3] l1, l2, linf */
  readonly shifts: Float32Array
  /** [v, L+1] */
  readonly distances: Float32Array
  /** [v, L+1] */
  readonly ownDistances: Float32Array
  /** Logits by label; null without a head. */
  readonly logitsAfter: readonly (readonly number[] | null)[]
}

/** Returns the shift columns from row `index` of [n, 3]. */
const shiftColumns = (shifts: Float32Array, index: number) =>
  Object.fromEntries(NORMS.map((norm, i) => [`shift_${norm}`, shifts[NORMS.length * index + i]]))

/** Returns labels, probabilities of the label before, and KL; the marks of empty cells without a head. */
function predictionOf(
  labels: readonly string[],
  before: readonly number[] | null,
  after: readonly number[] | null,
  kind: PredictionKind,
) {
  if (!before || !after) {
    return {
      label: { before: NO_LABEL, after: NO_LABEL },
      probability: { before: Number.NaN, after: Number.NaN },
      divergence: Number.NaN,
    }
  }
  const { label, values, divergence } = predictionChange(labels, { before, after }, kind)
  const probability = { before: values.before[label.before], after: values.after[label.before] }
  return { label, probability, divergence }
}

/** Builds the rows of one sequence in all tables. */
export function createSequenceRecords(
  layers: number,
  labels: readonly string[],
  { sequence, row, inputIds, truncated }: EncodedSequence,
  kind: PredictionKind,
  settings?: Pick<RunSettings, 'learnedTexts'>,
) {
  const states = layers + 1
  const builder = createRecordBuilder(layers, settings)
  const untold = new Uint32Array(states).fill(NONE)

  const layerColumns = (values: ArrayLike<number>, index: number, name: (layer: number) => string) =>
    Object.fromEntries(
      Array.from({ length: states }, (_, layer) => [name(layer), values[states * index + layer]]),
    )

  return {
    /** @param logits null without a head */
    addSequence(logits: readonly number[] | null): void {
      const values = logits && predictionValues(logits, kind)
      const label = values ? argmax(values) : NO_LABEL
      builder.add('sequences', {
        sequence,
        row,
        tokens: inputIds.length,
        truncated: Number(truncated),
        label,
        probability: values ? values[label] : Number.NaN,
      })
    },
    /** @param shifts [n, 3] of the sequence, or null where there is no substitute */
    addOccurrence(position: number, nearest: Nearest, shifts: Float32Array | null): void {
      builder.add('occurrences', {
        sequence,
        position,
        token_id: inputIds[position],
        substitute_id: nearest.tokenId,
        cosine: shifts ? nearest.cosine : Number.NaN,
        ...(shifts
          ? shiftColumns(shifts, position)
          : { shift_l1: Number.NaN, shift_l2: Number.NaN, shift_linf: Number.NaN }),
      })
    },
    addPerturbation(
      { perturbation, place, rank, position, substituteId, variant }: PlannedPerturbation,
      measured: MeasuredVariants,
      logits: readonly number[] | null,
    ): void {
      const { label, probability, divergence } = predictionOf(
        labels,
        logits,
        measured.logitsAfter[variant],
        kind,
      )
      builder.add('perturbations', {
        sequence,
        perturbation: PERTURBATIONS.indexOf(perturbation),
        place: PLACES.indexOf(place),
        rank,
        position,
        token_id: inputIds[position],
        substitute_id: substituteId,
        ...shiftColumns(measured.shifts, variant),
        ...layerColumns(measured.distances, variant, distanceColumn),
        ...layerColumns(measured.ownDistances, variant, ownColumn),
        label_before: label.before,
        label_after: label.after,
        probability_before: probability.before,
        probability_after: probability.after,
        divergence,
      })
    },
    addPair(
      { place, positions, ...variants }: PlannedPair,
      { distances, logitsAfter }: MeasuredVariants,
      logits: readonly number[] | null,
    ): void {
      const [first, second] = positions
      const predictions = PAIR_PARTS.map(
        (part) => [part, predictionOf(labels, logits, logitsAfter[variants[part]], kind)] as const,
      )
      const [[, { label, probability }]] = predictions
      builder.add('pairs', {
        sequence,
        first_position: first,
        second_position: second,
        first_token_id: inputIds[first],
        second_token_id: inputIds[second],
        place: PLACES.indexOf(place),
        ...Object.assign(
          {},
          ...PAIR_PARTS.map((part) =>
            layerColumns(distances, variants[part], (layer) => pairColumn(part, layer)),
          ),
        ),
        label_before: label.before,
        probability_before: probability.before,
        ...Object.assign(
          {},
          ...predictions.map(([part, prediction]) => ({
            [`label_${part}`]: prediction.label.after,
            [`probability_${part}`]: prediction.probability.after,
            [`divergence_${part}`]: prediction.divergence,
          })),
        ),
      })
    },
    /**
     * @param ranks [L+1]
     * @param learned of all readings, with the index of this one; null in texts that maps are learned from, and without maps
     */
    addReading(
      position: number,
      ranks: Uint32Array,
      learned: { readonly readings: LearnedReadings; readonly index: number } | null,
    ): void {
      const { readings, index } = learned ?? {
        readings: { l2: untold, learned: untold, similarity: new Float32Array(states).fill(Number.NaN) },
        index: 0,
      }
      builder.add('readings', {
        sequence,
        position,
        token_id: inputIds[position],
        ...layerColumns(ranks, 0, rankColumn),
        ...(settings?.learnedTexts && {
          ...layerColumns(readings.l2, index, l2RankColumn),
          ...layerColumns(readings.learned, index, learnedRankColumn),
          ...layerColumns(readings.similarity, index, similarityColumn),
        }),
      })
    },
    build: builder.build,
  }
}
