import type { ModelInfo } from '../../core/explorer'
import { withLabelNames } from '../../core/session/labelNames'
import { type PieceKind, pieceKindOf } from '../../core/text/tokenPieces'
import type { AppState } from '../appState'
import { OTHER, OWN } from './side'
import { answeringSlot, comparisonOf } from './sideInputs'

/**
 * Returns the model that answers for a side, with the user's names of its labels: the open one, or that of the shipped
 * results; null while none does.
 */
export function modelInfo(state: AppState, side = OWN): ModelInfo | null {
  const info = answeringModel(state, side)
  return info && withLabelNames(info, state.session.labelNames)
}

function answeringModel(state: AppState, side: number): ModelInfo | null {
  const { info, status } = answeringSlot(state, side)
  if (side === OWN) return info ?? state.shippedInfo
  const comparison = comparisonOf(state, side)
  if (!comparison) return null
  if (comparison.model === null) return status === 'ready' ? info : null
  return info?.id === comparison.model.id ? info : null
}

/** Tells whether a model is open that answers for a side. */
export function isModelOpen(state: AppState, side = OWN): boolean {
  return side === OWN ? state.model.status === 'ready' : modelInfo(state, side) !== null
}

/** Identifies the opening of the model that answers for a side: after another opening everything is asked again. */
export function modelOpening(state: AppState, side = OWN): string {
  const { opened } = answeringSlot(state, side)
  if (side === OWN) return `${opened}`
  const comparison = comparisonOf(state, side)
  return comparison ? `${comparison.model ? side : OWN} ${opened}` : ''
}

/** Returns a side's vocabulary entries by id; null until its model is open. */
export function vocabularyOf(state: AppState, side = OWN): readonly string[] | null {
  return answeringSlot(state, side).vocabulary
}

/** Tells how a side's model writes its pieces; WordPiece, as the built-in model, until the vocabulary is there. */
export function pieceKind(state: AppState, side = OWN): PieceKind {
  const vocabulary = vocabularyOf(state, side)
  return vocabulary ? pieceKindOf(vocabulary) : 'word-piece'
}

/** Tells whether there is a second side to show: a comparison whose model is open. */
export const isCompared = (state: AppState): boolean => modelInfo(state, OTHER) !== null
