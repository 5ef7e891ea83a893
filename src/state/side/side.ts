import type { TokenizedText } from '../../core/token'
import { idle, type Resource } from '../resource'
import type {
  ColumnReadings,
  LayerReading,
  MeasuredChange,
  PositionReading,
  PredictedChange,
  SubstituteMeasurements,
  TextLikelihoods,
  TextSubstitutes,
  TokenSubstitutes,
} from '../results'

/** Names who looks at likelihoods: the panel of one side, or the comparison of two. */
export type LikelihoodReader = 'panel' | 'comparison'

/** Holds what panels ask for by being open. */
export interface Wanted {
  /** What the chosen position reads as. */
  readonly reading: boolean
  /** How far each token's nearest substitute moves the embedding. */
  readonly shifts: boolean
  /** The measurements of the substitutes listed for the chosen token. */
  readonly substitutes: boolean
  /** The column of the ripple map under the pointer or focus. */
  readonly column: number | null
  readonly lastLayer: boolean
  /** By reader: the change whose likelihoods were asked for (`likelihoodsKey`); absent: nobody looks. */
  readonly likelihoods: Readonly<Partial<Record<LikelihoodReader, string>>>
}

/**
 * Holds all that one model answered of one text: the session's own, or what it is compared with. Every panel draws any
 * side.
 */
export interface Side {
  readonly tokenized: Resource<TokenizedText>
  /** The 10 nearest substitutes of every token with shifts, for tint, marks and the table. */
  readonly neighbors: Resource<TextSubstitutes>
  /** For the chosen position: up to 50, and a typed token behind them. */
  readonly chosenNeighbors: Resource<TokenSubstitutes>
  /** Of the active substitutions (held + chosen). */
  readonly measurement: Resource<MeasuredChange>
  /** Of the listed neighbours at the chosen position: prediction change in the table. Null before any. */
  readonly neighborMeasurements: SubstituteMeasurements | null
  /** Closest tokens at the chosen position, before and after. */
  readonly reading: Resource<PositionReading>
  /** Closest tokens of columns of the ripple map: filled when the pointer or focus stands there. */
  readonly columnReadings: ColumnReadings | null
  /** The last layer read as a sequence; filled when its panel is opened. */
  readonly lastLayer: Resource<LayerReading>
  /** Of a language model: its distribution at the place looked at, before and after. */
  readonly prediction: Resource<PredictedChange>
  /** Of a language model, on demand: how well it expects the text's own tokens. While `loading`, what has come. */
  readonly likelihoods: Resource<TextLikelihoods>
  readonly wanted: Wanted
}

/** The index of the side that the session's own model and text make. */
export const OWN = 0
/** The index of the side that it is compared with. */
export const OTHER = 1
/** How many sides there are room for. */
const SIDES = 2

/** What a side holds before its model has answered, and when another one takes its place. */
export const NO_ANSWERS = {
  tokenized: idle(),
  neighbors: idle(),
  chosenNeighbors: idle(),
  measurement: idle(),
  neighborMeasurements: null,
  reading: idle(),
  columnReadings: null,
  lastLayer: idle(),
  prediction: idle(),
  likelihoods: idle(),
} satisfies Omit<Side, 'wanted'>

/** Creates the sides as they begin: of its own side the page shows everything at once. */
export function emptySides(): readonly Side[] {
  return Array.from({ length: SIDES }, (_, side) => ({
    ...NO_ANSWERS,
    wanted: {
      reading: side === OWN,
      shifts: side === OWN,
      substitutes: side === OWN,
      column: null,
      lastLayer: false,
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
