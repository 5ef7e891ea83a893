import { formatComparisonCsv, formatComparisonJson } from '../../core/comparison/comparisonExport'
import type { ComparisonTable } from '../../core/comparison/comparisonTable'
import { pairedTokens } from '../../core/comparison/predictionPairs'
import { formatComparedLikelihoodsCsv, formatPairedTokensCsv } from '../../core/exports/tokenPredictionCsv'
import type { PredictionChange } from '../../core/measures/prediction'
import { exportedLabels } from '../../core/session/labelNames'
import type { TokenizedText } from '../../core/text/token'
import type { AppState } from '../appState'
import { sideExport } from '../explore/exports'
import { activeLikelihoods } from '../explore/questions/exploreLikelihoods'
import { wholeLikelihoods } from '../explore/textLikelihoods'
import { OTHER, OWN } from '../side/side'
import { modelInfo } from '../side/sideModel'
import { currentTokens } from '../side/sideTokens'
import { changeLabel, comparedLikelihoods, comparedTable } from './compareSelectors'
import { counterparts } from './counterparts'
import { comparedPredictions } from './counterTokens'
import { entryPairs } from './entryPairs'

/** Returns the table of both sides as CSV; null while there is none. */
export function exportComparisonCsv(state: AppState): string | null {
  const table = comparedTable(state)
  const [first, second] = [changeLabel(state, OWN), changeLabel(state, OTHER)]
  if (!table || first === null || second === null) return null
  return formatComparisonCsv(withOriginalLabels(state, table), { first, second })
}

/** Names the labels as files do: the user's own name with the model's beside. */
function withOriginalLabels(state: AppState, table: ComparisonTable): ComparisonTable {
  const named = (prediction: PredictionChange | null, side: number) => {
    const info = modelInfo(state, side)
    return prediction && info?.originalLabels ? { ...prediction, labels: exportedLabels(info) } : prediction
  }
  const { first, second } = table.predictions
  return { ...table, predictions: { first: named(first, OWN), second: named(second, OTHER) } }
}

/** Returns both sides and their differences as JSON; null while either is not measured. */
export function exportComparisonJson(state: AppState): string | null {
  const table = comparedTable(state)
  const [first, second] = [sideExport(state, OWN), sideExport(state, OTHER)]
  if (!table || !first || !second) return null
  return formatComparisonJson({
    substitutes: state.session.comparison?.ownNearest ? 'nearest' : 'same',
    first,
    second,
    opposite: (counterparts(state, OTHER) ?? []).map(
      ({ first: { position }, opposite, how, substitution }) => ({
        first: position,
        second: opposite,
        how: substitution && how,
      }),
    ),
    table: withOriginalLabels(state, table),
  })
}

const NONE = { first: [], second: [] }

/** Returns the most probable tokens of both sides as CSV; null while they are not known. */
export function exportPairedTokensCsv(state: AppState): string | null {
  const predictions = comparedPredictions(state, OTHER)
  const pairs = entryPairs(state, OTHER)
  return predictions && pairs && formatPairedTokensCsv(pairedTokens(predictions, pairs, NONE))
}

/** Returns the likelihoods of both texts as CSV, a row for each aligned pair; null until both are complete. */
export function exportBothLikelihoodsCsv(state: AppState): string | null {
  const sides = [OWN, OTHER]
  if (!sides.every((side) => wholeLikelihoods(activeLikelihoods(state, side)))) return null
  const textOf = (tokenized: TokenizedText | null, positions: readonly number[]) =>
    positions.map((position) => tokenized?.tokens[position]?.text ?? '').join(' ')
  return formatComparedLikelihoodsCsv(
    comparedLikelihoods(state).map((row) => ({
      ...row,
      tokensFirst: textOf(currentTokens(state), row.block.first),
      tokensSecond: textOf(currentTokens(state, OTHER), row.block.second),
    })),
  )
}
