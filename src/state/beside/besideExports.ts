import { formatBesideCsv, formatBesideJson } from '../../core/besideExport'
import { pairedTokens } from '../../core/besidePrediction'
import { exploreExport } from '../../core/exploreExport'
import type { Measurement } from '../../core/measurement'
import type { Substitution } from '../../core/substitution'
import type { TokenizedText } from '../../core/token'
import { formatBesideLikelihoodsCsv, formatPairedTokensCsv } from '../../core/tokenPredictionCsv'
import type { AppState } from '../appState'
import { activeSubstitutions, chosenPosition, currentTokens } from '../explore/activeSubstitutions'
import { activeMeasurement, modelInfo } from '../explore/comparisonSelectors'
import { activeLikelihoods } from '../explore/exploreLikelihoods'
import { activeTokenPrediction } from '../explore/explorePrediction'
import { neighborRows } from '../explore/neighborRows'
import { wholeLikelihoods } from '../explore/textLikelihoods'
import { tokenName } from '../explore/tokenNames'
import { besideChange, besideInfo, besideSubstitutions, besideTokens, besideVocabulary } from './besideChange'
import { besideMeasurement, besidePairs, besidePredictions } from './besideLanguage'
import { besideLikelihoods, besideLikelihoodTable } from './besideLikelihoods'
import { besideComparison, besideLabels, chosenOpposite } from './besideSelectors'

/** The table of both sides as CSV; null while there is none. */
export function exportBesideCsv(state: AppState): string | null {
  const table = besideComparison(state)
  const labels = besideLabels(state)
  return table && labels && formatBesideCsv(table, labels)
}

function changeOf(
  tokenized: TokenizedText | null,
  measurement: Measurement | null,
  substitutions: readonly Substitution[] | null,
) {
  return tokenized && measurement && substitutions ? { tokenized, measurement, substitutions } : null
}

/** Both sides and what differs as JSON; null while either is not measured. */
export function exportBesideJson(state: AppState): string | null {
  const table = besideComparison(state)
  const [firstModel, secondModel] = [modelInfo(state), besideInfo(state)]
  const first = changeOf(currentTokens(state), activeMeasurement(state), activeSubstitutions(state))
  const second = changeOf(besideTokens(state), besideMeasurement(state), besideSubstitutions(state))
  if (!table || !first || !second || !firstModel || !secondModel) return null
  const vocabulary = besideVocabulary(state) ?? []
  const opposite = chosenOpposite(state)
  return formatBesideJson({
    substitutes: state.session.beside?.ownNearest ? 'nearest' : 'same',
    first: exploreExport({
      model: firstModel,
      change: first,
      position: chosenPosition(state),
      neighbor: neighborRows(state).find(({ chosen }) => chosen) ?? null,
      pins: [],
      tokenPrediction: activeTokenPrediction(state),
      tokenLikelihoods: wholeLikelihoods(activeLikelihoods(state)),
      tokenName: (tokenId) => tokenName(state, tokenId),
    }),
    second: exploreExport({
      model: secondModel,
      change: second,
      position: opposite?.at ?? null,
      neighbor: opposite?.neighbor ?? null,
      pins: [],
      tokenPrediction: besidePredictions(state)?.second,
      tokenLikelihoods: wholeLikelihoods(besideLikelihoods(state)),
      tokenName: (tokenId) => vocabulary[tokenId] ?? `#${tokenId}`,
    }),
    opposite: (besideChange(state) ?? []).map(
      ({ first: { position }, opposite: second, how, substitution }) => ({
        first: position,
        second,
        how: substitution && how,
      }),
    ),
    table,
  })
}

const NONE = { first: [], second: [] }

/** The most probable tokens of both sides; null while they are not known. */
export function exportBesideTokensCsv(state: AppState): string | null {
  const predictions = besidePredictions(state)
  const pairs = besidePairs(state)
  return predictions && pairs && formatPairedTokensCsv(pairedTokens(predictions, pairs, NONE))
}

/** The likelihoods of both texts, a row for what stands opposite each other; null until both are whole. */
export function exportBesideLikelihoodsCsv(state: AppState): string | null {
  const [first, second] = [activeLikelihoods(state), besideLikelihoods(state)]
  if (!wholeLikelihoods(first) || !wholeLikelihoods(second)) return null
  const textOf = (tokenized: TokenizedText | null, positions: readonly number[]) =>
    positions.map((position) => tokenized?.tokens[position]?.text ?? '').join(' ')
  return formatBesideLikelihoodsCsv(
    besideLikelihoodTable(state).map((row) => ({
      ...row,
      tokensFirst: textOf(currentTokens(state), row.block.first),
      tokensSecond: textOf(besideTokens(state), row.block.second),
    })),
  )
}
