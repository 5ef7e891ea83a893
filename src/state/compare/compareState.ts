import type { LoadProgress, ModelInfo } from '../../core/explorer'
import type { Failure } from '../../core/failure'
import type { ModelRequest } from '../../core/modelSource'
import type { Resource } from '../resource'
import type { PredictedChange } from '../results'

/** Holds the second model, in a worker of its own. */
export interface SecondModelState {
  /** null: none is open. */
  readonly info: ModelInfo | null
  readonly vocabulary: readonly string[] | null
  readonly deviceNote: string | null
  /** Counts the models that were opened as the second. */
  readonly opened: number
  /** An earlier visit had it open, and it may come back by itself: it is not offered yet. */
  readonly returning: boolean
  /** On its way; a former one answers until it is there. */
  readonly opening: ModelRequest | null
  readonly progress: LoadProgress | null
  /** Why the one asked for last did not open, or is gone. */
  readonly refused: { readonly request: ModelRequest; readonly failure: Failure } | null
  /** Counts the user's requests: each one is an attempt of its own. */
  readonly attempt: number
  /** What the user asked for last; null once it is not wanted any more. */
  readonly request: ModelRequest | null
  /** The user stopped the opening. */
  readonly cancelled: boolean
}

/** Holds what pairs two sides; what the second one is stands in `session.beside`. */
export interface CompareState {
  /** The dialog that asks what to compare with is open. */
  readonly choosing: boolean
  readonly model: SecondModelState
  /** What the session's own language model says of tokens that only the second side lists. */
  readonly counterTokens: Resource<PredictedChange>
}

export interface CompareActions {
  /** Opens or closes the dialog that asks what to compare with. */
  chooseComparison(choosing: boolean): void
  /** Opens another model on the same review: one step of undo once it is open. */
  openSecondModel(request: ModelRequest): void
  cancelSecondModel(): void
  /** Compares with a second text, the same at first: one step of undo. */
  compareTexts(): void
  /** While typing: no step of undo until `commitText`. */
  editSecondText(text: string): void
  /** Says whether each side takes its own nearest neighbour. */
  setOwnNearest(ownNearest: boolean): void
  /** Ends the comparison, and a second model is given back: one step of undo. */
  closeComparison(): void
}
