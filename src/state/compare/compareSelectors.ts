import { alignedBlocks } from '../../core/comparison/alignment'
import { type ComparisonTable, comparisonTable } from '../../core/comparison/comparisonTable'
import { type LikelihoodRow, likelihoodRows } from '../../core/comparison/likelihoodRows'
import { predictionKind } from '../../core/measures/prediction'
import { substitutionsKey } from '../../core/measures/substitution'
import { PIN_COLORS, type Session } from '../../core/session/session'
import type { AppState } from '../appState'
import {
  activeMeasurement,
  type ComparisonSeries,
  comparisonSeries,
  layerDistances,
} from '../explore/comparisonSelectors'
import { neighborRows } from '../explore/neighborRows'
import { activeLikelihoods } from '../explore/questions/exploreLikelihoods'
import { activeTokenPrediction } from '../explore/questions/explorePrediction'
import { substitutionsLabel } from '../explore/tokenNames'
import { memoize, memoizeSides } from '../memoize'
import { activeSubstitutions, chosenPosition } from '../side/activeSubstitutions'
import { OTHER, OWN } from '../side/side'
import { modelInfo, vocabularyOf } from '../side/sideModel'
import { currentTokens } from '../side/sideTokens'
import { alignment } from './alignment'

/** Returns the second model of the session if it is neither open nor loading, so that it can be offered. */
export function secondModelOffer({ session, compare }: AppState): Session['model'] | null {
  const wanted = session.comparison?.model ?? null
  const { info, opening } = compare.model
  return wanted && info?.id !== wanted.id && !opening && !compare.returning ? wanted : null
}

/** Says whether any part of a comparison is shown. */
export function isComparing({ session, compare }: AppState): boolean {
  return session.comparison !== null || compare.model.opening !== null || compare.model.refused !== null
}

/** Returns the name of each side: its model, or which text it is. */
export const sideNames = memoize(
  (state: AppState) => [modelInfo(state)?.id, modelInfo(state, OTHER)?.id, state.session.comparison],
  (state): readonly [first: string, second: string] => {
    const { comparison } = state.session
    if (!comparison?.model) return ['first text', 'second text']
    const first = modelInfo(state)?.id ?? 'first model'
    const second = modelInfo(state, OTHER)?.id ?? comparison.model.id
    if (comparison.text !== null) return [`${first}, first text`, `${second}, second text`]
    return first === second ? [`${first} (1)`, `${second} (2)`] : [first, second]
  },
)

/** Returns the substitutions of a side as the views write them; null while they are not known. */
export const changeLabel = memoizeSides(
  (state: AppState, side) => [
    activeSubstitutions(state, side),
    currentTokens(state, side),
    vocabularyOf(state, side),
  ],
  (state, side): string | null => {
    const substitutions = activeSubstitutions(state, side)
    return substitutions && substitutionsLabel(state, currentTokens(state, side), substitutions, side)
  },
)

/** Returns the identity colour of the second side: the first that no pin and no present change has. */
function secondColor(state: AppState): number {
  const worn = new Set(comparisonSeries(state).map(({ color }) => color))
  const free = Array.from({ length: PIN_COLORS }, (_, color) => color).find((color) => !worn.has(color))
  return free ?? PIN_COLORS - 1
}

/** Returns the second side's line of the layer curve; null while it is not measured. */
export const secondSeries = memoize(
  (state: AppState) => [
    activeMeasurement(state, OTHER),
    changeLabel(state, OTHER),
    comparisonSeries(state),
    sideNames(state),
  ],
  (state): ComparisonSeries | null => {
    const measurement = activeMeasurement(state, OTHER)
    if (!measurement || measurement.substitutions.length === 0) return null
    return {
      id: `second-${substitutionsKey(measurement.substitutions)}`,
      label: `${sideNames(state)[OTHER]}: ${changeLabel(state, OTHER)}`,
      color: secondColor(state),
      pin: null,
      active: false,
      distances: layerDistances(measurement),
      provenance: measurement.provenance,
    }
  },
)

/** Returns cos(W_t, W_v) of a side's explored token and its substitute; null if none is explored. */
const chosenCosine = (state: AppState, side: number) =>
  chosenPosition(state, side) === null
    ? null
    : (neighborRows(state, side).find(({ chosen }) => chosen)?.cosine ?? null)

const sideOf = (state: AppState, side: number) => [
  activeMeasurement(state, side),
  modelInfo(state, side),
  chosenCosine(state, side),
  activeTokenPrediction(state, side),
]

/** Returns both sides' numbers; null while either is not measured, or nothing is changed on it. */
export const comparedTable = memoize(
  (state: AppState) => [...sideOf(state, OWN), ...sideOf(state, OTHER)],
  (state): ComparisonTable | null => {
    const [first, second] = [OWN, OTHER].map((side) => {
      const measurement = activeMeasurement(state, side)
      if (!measurement || measurement.substitutions.length === 0) return null
      const labels = modelInfo(state, side)?.labels ?? []
      const cosine = chosenCosine(state, side)
      const prediction = predictionKind(modelInfo(state, side))
      const tokenPrediction = activeTokenPrediction(state, side)
      return { measurement, labels, prediction, cosine, tokenPrediction }
    })
    return first && second && comparisonTable(first, second)
  },
)

const NO_ROWS: readonly LikelihoodRow[] = []

/** Returns both sides' likelihoods of aligned tokens, as far as they are measured. */
export const comparedLikelihoods = memoize(
  (state: AppState) => [alignment(state, OTHER), activeLikelihoods(state), activeLikelihoods(state, OTHER)],
  (state): readonly LikelihoodRow[] => {
    const aligned = alignment(state, OTHER)
    const [first, second] = [currentTokens(state), currentTokens(state, OTHER)]
    if (!aligned || !first || !second) return NO_ROWS
    const blocks = alignedBlocks(aligned, first.tokens, second.tokens)
    return likelihoodRows(blocks, activeLikelihoods(state), activeLikelihoods(state, OTHER))
  },
)
