import type { ModelInfo } from '../../core/explorer'
import { type PieceKind, pieceKindOf } from '../../core/text/tokenPieces'
import type { AppState } from '../appState'
import { OTHER, OWN } from './side'

/** Returns the model that answers for a side: the open one, or that of the shipped results; null while none does. */
export function modelInfo(state: AppState, side = OWN): ModelInfo | null {
  const { session, model, shippedInfo, compare } = state
  if (side === OWN) return model.info ?? shippedInfo
  if (!session.comparison) return null
  const wanted = session.comparison.model
  if (wanted === null) return model.status === 'ready' ? model.info : null
  return compare.model.info?.id === wanted.id ? compare.model.info : null
}

/** Tells whether a model is open that answers for a side. */
export function isModelOpen(state: AppState, side = OWN): boolean {
  return side === OWN ? state.model.status === 'ready' : modelInfo(state, side) !== null
}

/** Identifies the opening of the model that answers for a side: after another opening everything is asked again. */
export function modelOpening({ session, model, compare }: AppState, side = OWN): string {
  if (side === OWN) return `${model.opened}`
  if (!session.comparison) return ''
  return session.comparison.model ? `second ${compare.model.opened}` : `first ${model.opened}`
}

/** Returns a side's vocabulary entries by id; null until its model is open. */
export function vocabularyOf(state: AppState, side = OWN): readonly string[] | null {
  return side === OWN || !state.session.comparison?.model
    ? state.model.vocabulary
    : state.compare.model.vocabulary
}

/** Tells how a side's model writes its pieces; WordPiece, as the built-in model, until the vocabulary is there. */
export function pieceKind(state: AppState, side = OWN): PieceKind {
  const vocabulary = vocabularyOf(state, side)
  return vocabulary ? pieceKindOf(vocabulary) : 'word-piece'
}

/** Tells whether there is a second side to show: a comparison whose model is open. */
export const isCompared = (state: AppState): boolean => modelInfo(state, OTHER) !== null
