import type { Provenance } from '../core/session/provenance'
import type { AppState } from './appState'
import { activeMeasurement } from './explore/comparisonSelectors'
import { sameTexts } from './session/history'
import { OWN } from './side/side'

export type { ComparisonSeries, Quantity } from './explore/comparisonSelectors'
export {
  activeChange,
  activeDistances,
  activeMeasurement,
  activePrediction,
  comparisonSeries,
  isMeasuring,
  layerDistances,
  predictionOf,
  QUANTITIES,
  quantityOf,
} from './explore/comparisonSelectors'
export type { NeighborRow } from './explore/neighborRows'
export { neighborRows } from './explore/neighborRows'
export type { PredictionPlace } from './explore/predictionPlaces'
export { isCausal, languageModelHead, predictionPlace, predictionPlaces } from './explore/predictionPlaces'
export { activeLikelihoods, likelihoodsKey } from './explore/questions/exploreLikelihoods'
export { activeTokenPrediction } from './explore/questions/explorePrediction'
export { activeLastLayer, activeReading } from './explore/questions/exploreReadings'
export type { TokenShift, TokenShifts } from './explore/shiftSelectors'
export { leastImpactful, tokenShifts } from './explore/shiftSelectors'
export { totalLogProbability } from './explore/textLikelihoods'
export { substitutionsLabel, tokenName, wordOf } from './explore/tokenNames'
export type { PlaceKey, TextLikelihoods } from './results'
export {
  activeSubstitutions,
  chosenPosition,
  chosenTokenId,
  heldSubstitutions,
} from './side/activeSubstitutions'
export { modelInfo, pieceKind, vocabularyOf } from './side/sideModel'
export { currentTokens, inputIds } from './side/sideTokens'

export function canUndo({ history, session }: AppState): boolean {
  return history.past.length > 0 || (history.typingFrom !== null && !sameTexts(history.typingFrom, session))
}

export function canRedo({ history }: AppState): boolean {
  return history.future.length > 0 && history.typingFrom === null
}

/** Returns `bert-imdb-l12-h384 · int8 weights, fp32 compute · WASM × 2`, and a note if it was computed beforehand. */
export function describeProvenance({ modelId, precision, device, shipped }: Provenance): string {
  const parts = [modelId, precision, device].filter((part) => part !== '').join(' · ')
  return shipped ? `Shipped with the page: ${parts} · distances to 4 digits` : parts
}

/** Returns the provenance of the numbers on screen; null while there are none. */
export function provenanceLine(state: AppState): string | null {
  const provenance = (activeMeasurement(state) ?? state.sides[OWN].measurement.value?.measurement)?.provenance
  return provenance ? describeProvenance(provenance) : null
}
