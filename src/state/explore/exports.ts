import {
  type ExploreExport,
  exploreExport,
  formatExploreJson,
  formatLayersCsv,
  formatNeighborsCsv,
  type MeasuredChange,
} from '../../core/exports/exploreExport'
import { hasPython } from '../../core/exports/pythonModel'
import { pythonSnippet } from '../../core/exports/pythonSnippet'
import { formatLikelihoodsCsv, formatPredictionCsv } from '../../core/exports/tokenPredictionCsv'
import type { AppState } from '../appState'
import { activeSubstitutions, chosenPosition } from '../side/activeSubstitutions'
import { OWN } from '../side/side'
import { modelInfo } from '../side/sideModel'
import { currentTokens, inputIds } from '../side/sideTokens'
import { activeMeasurement, comparisonSeries } from './comparisonSelectors'
import { neighborRows } from './neighborRows'
import { predictionPlace } from './predictionPlaces'
import { activeLikelihoods } from './questions/exploreLikelihoods'
import { activeTokenPrediction } from './questions/explorePrediction'
import { wholeLikelihoods } from './textLikelihoods'
import { tokenName } from './tokenNames'

/** Returns the data of a side for the exports; null while it is not measured. */
export function sideExport(
  state: AppState,
  side = OWN,
  pins: readonly MeasuredChange[] = [],
): ExploreExport | null {
  const model = modelInfo(state, side)
  const tokenized = currentTokens(state, side)
  const substitutions = activeSubstitutions(state, side)
  const measurement = activeMeasurement(state, side)
  if (!model || !tokenized || !substitutions || !measurement) return null
  return exploreExport({
    model,
    change: { tokenized, substitutions, measurement },
    position: chosenPosition(state, side),
    neighbor: neighborRows(state, side).find(({ chosen }) => chosen) ?? null,
    pins,
    tokenPrediction: activeTokenPrediction(state, side),
    tokenLikelihoods: wholeLikelihoods(activeLikelihoods(state, side)),
    tokenName: (tokenId) => tokenName(state, tokenId, side),
  })
}

/** Returns the data on screen as JSON; null while nothing is measured. */
export function exportJson(state: AppState): string | null {
  const pins = state.pinned.flatMap(({ pin, tokenized, measurement: { value } }) =>
    tokenized && value ? [{ tokenized, substitutions: pin.substitutions, measurement: value }] : [],
  )
  const answers = [activeTokenPrediction(state), wholeLikelihoods(activeLikelihoods(state))]
  const found = [...(activeSubstitutions(state) ?? []), ...pins, ...answers]
  // The original text by itself, with or without its forward, is not a change.
  if (found.every((one) => one === null)) return null
  const data = sideExport(state, OWN, pins)
  return data && formatExploreJson(data)
}

/** Returns the table of most probable tokens; null while it is not known. */
export function exportPredictionCsv(state: AppState, side = OWN): string | null {
  const prediction = activeTokenPrediction(state, side)
  return prediction && formatPredictionCsv(prediction)
}

/** Returns the table of likelihoods; null until it is complete. */
export function exportLikelihoodsCsv(state: AppState, side = OWN): string | null {
  const tokens = currentTokens(state, side)?.tokens
  const likelihoods = wholeLikelihoods(activeLikelihoods(state, side))
  if (!tokens || !likelihoods) return null
  const { before, after, substitutions } = likelihoods
  const substituted = new Map(substitutions.map(({ position, tokenId }) => [position, tokenId]))
  return formatLikelihoodsCsv(
    before.map((token, i) => {
      const substitute = substituted.get(token.position)
      const tokenBefore = tokens[token.position].text
      const tokenAfter = substitute === undefined ? tokenBefore : tokenName(state, substitute, side)
      return { tokenBefore, tokenAfter, before: token, after: after[i] }
    }),
  )
}

/** Returns the layer table of the present change and the pins; null while there is none. */
export function exportLayersCsv(state: AppState): string | null {
  const series = comparisonSeries(state)
  return series.length > 0 ? formatLayersCsv(series) : null
}

/** Returns the table of substitutes; null while there is none. */
export function exportNeighborsCsv(state: AppState, side = OWN): string | null {
  const rows = neighborRows(state, side)
  return rows.length > 0 ? formatNeighborsCsv(rows) : null
}

/** Says whether a program can be written for the open model. */
export function canExportPython(state: AppState): boolean {
  const model = modelInfo(state)
  return !model || hasPython(model)
}

/** Returns a program that prints the numbers on screen; null while these are not known. */
export function exportPython(state: AppState): string | null {
  const model = modelInfo(state)
  const ids = inputIds(state)
  const substitutions = activeSubstitutions(state)
  if (!model || !ids || !substitutions) return null
  return pythonSnippet({
    model,
    text: state.session.text,
    inputIds: ids,
    substitutions,
    place: predictionPlace(state)?.position ?? null,
  })
}
