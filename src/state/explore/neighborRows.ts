import type { Measurement } from '../../core/measures/measurement'
import type { Neighbor } from '../../core/measures/neighbor'
import { substitutionsKey } from '../../core/measures/substitution'
import type { AppState } from '../appState'
import { memoizeSides } from '../memoize'
import { type ListedSubstitute, sameSequence } from '../results'
import {
  chosenPosition,
  chosenTokenId,
  heldSubstitutions,
  tokenSubstitutes,
} from '../side/activeSubstitutions'
import { modelInfo } from '../side/sideModel'
import { currentTokens } from '../side/sideTokens'
import { textSubstitutes } from '../side/substitutes'
import { layerDistances, predictionOf } from './comparisonSelectors'
import { activeTokenPrediction, substituteChances } from './questions/explorePrediction'

/** Holds one row of the table of substitutes. */
export interface NeighborRow extends Neighbor {
  /** Rank from 1, by cosine; null for a token that was typed and is not among the nearest. */
  readonly rank: number | null
  readonly chosen: boolean
  /** D_L with this substitute; null while it is not measured. */
  readonly distance: number | null
  /** Probability after minus before, of the label that was first before; null while it is not measured. */
  readonly difference: number | null
  readonly flips: boolean
  /** KL of the next token's distribution after the text, in nats, of a causal language model; null if not measured. */
  readonly divergence: number | null
  /** Probability of the substitute with the chosen token masked, of a masked model; null while it is not known. */
  readonly probability: number | null
}

const NO_ROWS: readonly NeighborRow[] = []

const NO_SUBSTITUTES: readonly ListedSubstitute[] = []

/** Returns the substitutes listed for the chosen token; until these arrive, the few known of every token. */
const listedSubstitutes = memoizeSides(
  (state: AppState, side) => [
    tokenSubstitutes(state, side),
    textSubstitutes(state, side),
    chosenPosition(state, side),
  ],
  (state, side): readonly ListedSubstitute[] => {
    const position = chosenPosition(state, side)
    if (position === null) return NO_SUBSTITUTES
    const few = textSubstitutes(state, side)?.byPosition[position] ?? NO_SUBSTITUTES
    return tokenSubstitutes(state, side)?.rows ?? few.map((neighbor) => ({ ...neighbor, typed: false }))
  },
)

/** Returns the measurements of the chosen token's substitutes, with the present held ones; by token id. */
function substituteMeasurements(state: AppState, side: number): ReadonlyMap<number, Measurement> | null {
  const known = state.sides[side].neighborMeasurements
  const present =
    known?.position === chosenPosition(state, side) &&
    substitutionsKey(known?.held ?? []) === substitutionsKey(heldSubstitutions(state, side)) &&
    sameSequence(known?.tokenized ?? null, currentTokens(state, side))
  return present ? (known?.byToken ?? null) : null
}

function buildRows(state: AppState, side: number): readonly NeighborRow[] {
  const neighbors = listedSubstitutes(state, side)
  if (neighbors.length === 0) return NO_ROWS
  const chosen = chosenTokenId(state, side)
  const chances = substituteChances(state, side)
  const measurements = substituteMeasurements(state, side)
  return neighbors.map(({ typed, ...neighbor }, i) => {
    const measurement = measurements?.get(neighbor.tokenId) ?? null
    const prediction = predictionOf(state, measurement, side)
    return {
      ...neighbor,
      rank: typed ? null : i + 1,
      chosen: neighbor.tokenId === chosen,
      distance: measurement && (layerDistances(measurement).at(-1)?.distance ?? null),
      difference: prediction?.difference ?? null,
      flips: prediction?.flips ?? measurement?.nextToken?.flips ?? false,
      divergence: measurement?.nextToken?.divergence ?? null,
      probability: chances?.get(neighbor.tokenId)?.probability ?? null,
    }
  })
}

/** Returns the chosen token's substitutes, nearest first, a typed one last. */
export const neighborRows = memoizeSides(
  (state: AppState, side) => [
    listedSubstitutes(state, side),
    substituteMeasurements(state, side),
    chosenTokenId(state, side),
    modelInfo(state, side),
    activeTokenPrediction(state, side),
  ],
  buildRows,
)
