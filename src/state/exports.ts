import { exploreExport, formatExploreJson, formatLayersCsv, formatNeighborsCsv } from '../core/exploreExport'
import { pythonSnippet } from '../core/pythonSnippet'
import { activeSubstitutions, chosenPosition, currentTokens, inputIds } from './activeSubstitutions'
import type { AppState } from './appState'
import { activeMeasurement, comparisonSeries, modelInfo } from './comparisonSelectors'
import { neighborRows } from './neighborRows'
import { tokenName } from './tokenNames'

/** What is on screen as JSON; null while nothing is measured. */
export function exportJson(state: AppState): string | null {
  const model = modelInfo(state)
  const tokenized = currentTokens(state)
  const substitutions = activeSubstitutions(state)
  const measurement = activeMeasurement(state)
  if (!model || !tokenized || !substitutions || !measurement) return null
  const pins = state.pinned.flatMap((pinned, index) => {
    const pin = state.session.pins[index]
    const { value } = pinned.measurement
    return pin && pinned.tokenized && value
      ? [{ tokenized: pinned.tokenized, substitutions: pin.substitutions, measurement: value }]
      : []
  })
  const data = exploreExport({
    model,
    change: { tokenized, substitutions, measurement },
    position: chosenPosition(state),
    neighbor: neighborRows(state).find(({ chosen }) => chosen) ?? null,
    pins,
    tokenName: (tokenId) => tokenName(state, tokenId),
  })
  return formatExploreJson(data)
}

/** The layer table of the present change and the pins; null while there is none. */
export function exportLayersCsv(state: AppState): string | null {
  const series = comparisonSeries(state)
  return series.length > 0 ? formatLayersCsv(series) : null
}

/** The table of substitutes; null while there is none. */
export function exportNeighborsCsv(state: AppState): string | null {
  const rows = neighborRows(state)
  return rows.length > 0 ? formatNeighborsCsv(rows) : null
}

/** Whether the program is written for the open model: it loads one safetensors file of the BERT family. */
export function canExportPython(state: AppState): boolean {
  const model = modelInfo(state)
  if (!model?.details) return true
  const { format, files, head } = model.details
  const isLanguageModel = head === 'masked-lm' || head === 'causal-lm'
  return model.family === 'bert' && format === 'safetensors' && files.length === 1 && !isLanguageModel
}

/** A program that prints the numbers on screen; null while these are not known. */
export function exportPython(state: AppState): string | null {
  const model = modelInfo(state)
  const ids = inputIds(state)
  const substitutions = activeSubstitutions(state)
  if (!model || !ids || !substitutions) return null
  return pythonSnippet({
    modelId: model.id,
    sha256: model.provenance.sha256,
    hasHead: model.labels.length > 0,
    text: state.session.text,
    inputIds: ids,
    substitutions,
  })
}
