import type { Neighbor } from '../../core/neighbor'
import type { AppState } from '../appState'
import { memoize } from '../memoize'
import { chosenPosition, chosenTokenId } from './activeSubstitutions'
import { layerDistances, modelInfo, predictionOf } from './comparisonSelectors'
import { CHOSEN_NEIGHBORS } from './exploreComparison'
import { activeTokenPrediction, substituteChances } from './explorePrediction'

/** One row of the table of substitutes. */
export interface NeighborRow extends Neighbor {
  /** From 1, by cosine; null for a token that was typed and is not among the nearest. */
  readonly rank: number | null
  readonly chosen: boolean
  /** D_L with this substitute; null while it is not measured. */
  readonly distance: number | null
  /** Probability after minus before, of the label that stood first before; null while it is not measured. */
  readonly difference: number | null
  readonly flips: boolean
  /** Of a causal language model: KL of the next token's distribution after the text, in nats; null where not measured. */
  readonly divergence: number | null
  /** Of a masked one: probability of the substitute where the chosen token is masked; null while it is not known. */
  readonly probability: number | null
}

const NO_ROWS: readonly NeighborRow[] = []

/** A typed token stands behind the nearest ones. */
function isTyped(neighbors: readonly Neighbor[], index: number): boolean {
  return index >= CHOSEN_NEIGHBORS || (index > 0 && neighbors[index].cosine > neighbors[index - 1].cosine)
}

function buildRows(state: AppState): readonly NeighborRow[] {
  const neighbors = state.chosenNeighbors.value
  if (chosenPosition(state) === null || !neighbors) return NO_ROWS
  const chosen = chosenTokenId(state)
  const chances = substituteChances(state)
  return neighbors.map((neighbor, i) => {
    const measurement = state.neighborMeasurements.get(neighbor.tokenId) ?? null
    const prediction = predictionOf(state, measurement)
    return {
      ...neighbor,
      rank: isTyped(neighbors, i) ? null : i + 1,
      chosen: neighbor.tokenId === chosen,
      distance: measurement && (layerDistances(measurement).at(-1)?.distance ?? null),
      difference: prediction?.difference ?? null,
      flips: prediction?.flips ?? measurement?.nextToken?.flips ?? false,
      divergence: measurement?.nextToken?.divergence ?? null,
      probability: chances?.get(neighbor.tokenId)?.probability ?? null,
    }
  })
}

/** The chosen token's substitutes, nearest first, a typed one behind them. */
export const neighborRows = memoize(
  (state: AppState) => [
    state.chosenNeighbors.value,
    state.neighborMeasurements,
    chosenPosition(state),
    chosenTokenId(state),
    modelInfo(state),
    activeTokenPrediction(state),
  ],
  buildRows,
)
