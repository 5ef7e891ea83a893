import { formatBesideCsv, formatBesideJson } from '../../core/besideExport'
import { pairedTokens } from '../../core/besidePrediction'
import type { TokenizedText } from '../../core/token'
import { formatBesideLikelihoodsCsv, formatPairedTokensCsv } from '../../core/tokenPredictionCsv'
import type { AppState } from '../appState'
import { activeLikelihoods } from '../explore/exploreLikelihoods'
import { sideExport } from '../explore/exports'
import { wholeLikelihoods } from '../explore/textLikelihoods'
import { OTHER, OWN } from '../side/side'
import { currentTokens } from '../side/sideTokens'
import { changeLabel, comparedLikelihoods, comparedTable } from './compareSelectors'
import { counterparts } from './counterparts'
import { comparedPredictions } from './counterTokens'
import { entryPairs } from './entryPairs'

/** The table of both sides as CSV; null while there is none. */
export function exportComparisonCsv(state: AppState): string | null {
  const table = comparedTable(state)
  const [first, second] = [changeLabel(state, OWN), changeLabel(state, OTHER)]
  return table && first !== null && second !== null ? formatBesideCsv(table, { first, second }) : null
}

/** Both sides and what differs as JSON; null while either is not measured. */
export function exportComparisonJson(state: AppState): string | null {
  const table = comparedTable(state)
  const [first, second] = [sideExport(state, OWN), sideExport(state, OTHER)]
  if (!table || !first || !second) return null
  return formatBesideJson({
    substitutes: state.session.beside?.ownNearest ? 'nearest' : 'same',
    first,
    second,
    opposite: (counterparts(state, OTHER) ?? []).map(
      ({ first: { position }, opposite, how, substitution }) => ({
        first: position,
        second: opposite,
        how: substitution && how,
      }),
    ),
    table,
  })
}

const NONE = { first: [], second: [] }

/** The most probable tokens of both sides; null while they are not known. */
export function exportPairedTokensCsv(state: AppState): string | null {
  const predictions = comparedPredictions(state, OTHER)
  const pairs = entryPairs(state, OTHER)
  return predictions && pairs && formatPairedTokensCsv(pairedTokens(predictions, pairs, NONE))
}

/** The likelihoods of both texts, a row for what stands opposite each other; null until both are whole. */
export function exportBothLikelihoodsCsv(state: AppState): string | null {
  const sides = [OWN, OTHER]
  if (!sides.every((side) => wholeLikelihoods(activeLikelihoods(state, side)))) return null
  const textOf = (tokenized: TokenizedText | null, positions: readonly number[]) =>
    positions.map((position) => tokenized?.tokens[position]?.text ?? '').join(' ')
  return formatBesideLikelihoodsCsv(
    comparedLikelihoods(state).map((row) => ({
      ...row,
      tokensFirst: textOf(currentTokens(state), row.block.first),
      tokensSecond: textOf(currentTokens(state, OTHER), row.block.second),
    })),
  )
}
