import type { TokenizedText } from '../../core/text/token'
import { idle, type Resource } from '../resource'
import type {
  ColumnReadings,
  FlipSearch,
  FlipSettings,
  LayerAnswersChange,
  LayerReading,
  MeasuredChange,
  Occlusion,
  PatchedChange,
  PositionReading,
  PredictedChange,
  SubstituteMeasurements,
  TextLikelihoods,
  TextSubstitutes,
  TokenEffects,
  TokenSubstitutes,
} from '../results'

/** Names the reader of likelihoods: the panel of one side, or the comparison of two. */
export type LikelihoodReader = 'panel' | 'comparison'

/** Holds the requests that panels make by being open. */
export interface Wanted {
  /** True to request the closest tokens at the chosen position. */
  readonly reading: boolean
  /** True to request the shift of each token's nearest substitute. */
  readonly shifts: boolean
  /** True to request the measurements of the substitutes listed for the chosen token. */
  readonly substitutes: boolean
  /** True to request the effect of each token's nearest substitute, whatever tints the review. */
  readonly effects: boolean
  /** True to request the measurements of all substitutes listed, not of those at the top alone. */
  readonly allSubstitutes: boolean
  /** Bounds of the search for a flip that is to run; null: none. Each start is an object of its own. */
  readonly flips: FlipSettings | null
  /** Text of which each token is to be hidden in turn; null: none. Each start is an object of its own. */
  readonly occlusion: TokenizedText | null
  /** Column of the ripple map under the pointer or focus. */
  readonly column: number | null
  readonly lastLayer: boolean
  /** Cell of the ripple map whose state is put into the other run; null: none. */
  readonly cell: { readonly layer: number; readonly position: number } | null
  /** Change whose states are all put into the other run, one after the other (`PatchSubject.key`); null: none. */
  readonly sweep: string | null
  /** Change whose likelihoods each reader requests (`likelihoodsKey`); absent if it requests none. */
  readonly likelihoods: Readonly<Partial<Record<LikelihoodReader, string>>>
}

/**
 * Holds all answers of one model about one text: the session's own, or the one compared with it. Every panel draws any
 * side.
 */
export interface Side {
  readonly tokenized: Resource<TokenizedText>
  /** Ten nearest substitutes of every token with shifts, for tint, marks and the table. */
  readonly neighbors: Resource<TextSubstitutes>
  /** Substitutes for the chosen position: up to 50, and a typed token after them. */
  readonly chosenNeighbors: Resource<TokenSubstitutes>
  /** Measurement of the active substitutions (held + chosen). */
  readonly measurement: Resource<MeasuredChange>
  /** Measurements of the listed neighbours at the chosen position: prediction change in the table. Null before any. */
  readonly neighborMeasurements: SubstituteMeasurements | null
  /** Effects of each token's nearest substitute alone, as far as they are measured. Null before any. */
  readonly effects: TokenEffects | null
  /** Time of a forward a token of the text, measured while nobody waits, ms; null before any. */
  readonly pace: number | null
  /** Effects of hiding each token, as far as they are measured; null before any. */
  readonly occlusion: Occlusion | null
  /** Last search for the fewest substitutions that flip the answer; null before any. */
  readonly flips: FlipSearch | null
  /** Closest tokens at the chosen position, before and after. */
  readonly reading: Resource<PositionReading>
  /** Closest tokens of columns of the ripple map, requested when the pointer or focus is on them. */
  readonly columnReadings: ColumnReadings | null
  /** Last layer read as a sequence, requested when its panel is opened. */
  readonly lastLayer: Resource<LayerReading>
  /** Language model's distribution at the place shown, before and after. */
  readonly prediction: Resource<PredictedChange>
  /** Likelihoods of the text's own tokens in a language model, on demand. While `loading`, those measured so far. */
  readonly likelihoods: Resource<TextLikelihoods>
  /** Runs with states of the other text. While `loading`, those known so far. */
  readonly patches: Resource<PatchedChange>
  /** Answers of the head to every layer, requested while the curve shows it. */
  readonly layerAnswers: Resource<LayerAnswersChange>
  readonly wanted: Wanted
}

/** Index of the side that the session's own model and text make. */
export const OWN = 0
/** Index of the side that it is compared with. */
export const OTHER = 1
/** Number of sides of the page: the session's own, and the one that it is compared with. */
const SIDES = 2

/** Answers of a side before its model has answered, and when another one replaces it. */
export const NO_ANSWERS = {
  tokenized: idle(),
  neighbors: idle(),
  chosenNeighbors: idle(),
  measurement: idle(),
  neighborMeasurements: null,
  effects: null,
  pace: null,
  occlusion: null,
  flips: null,
  reading: idle(),
  columnReadings: null,
  lastLayer: idle(),
  prediction: idle(),
  likelihoods: idle(),
  patches: idle(),
  layerAnswers: idle(),
} satisfies Omit<Side, 'wanted'>

/** Creates the sides as they begin: the page shows everything of its own side at once. */
export function emptySides(count = SIDES): readonly Side[] {
  return Array.from({ length: count }, (_, side) => ({
    ...NO_ANSWERS,
    wanted: {
      reading: side === OWN,
      shifts: side === OWN,
      substitutes: side === OWN,
      effects: false,
      allSubstitutes: false,
      flips: null,
      occlusion: null,
      column: null,
      lastLayer: false,
      cell: null,
      sweep: null,
      likelihoods: {},
    },
  }))
}

interface Sides {
  readonly sides: readonly Side[]
}

/** Returns the sides with one of them changed. */
export function withSide({ sides }: Sides, side: number, changes: Partial<Side>): Sides {
  return { sides: sides.map((one, i) => (i === side ? { ...one, ...changes } : one)) }
}
