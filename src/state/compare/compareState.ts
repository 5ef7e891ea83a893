import type { LoadProgress, ModelInfo } from '../../core/explorer'
import type { Failure } from '../../core/failure'
import type { ModelRequest } from '../../core/modelSource'
import type { Resource } from '../resource'
import type { PredictedChange } from '../results'

/** Holds the second model, in a worker of its own. */
export interface SecondModelState {
  /** Open model; null if none is. */
  readonly info: ModelInfo | null
  readonly vocabulary: readonly string[] | null
  readonly deviceNote: string | null
  /** Number of models opened as the second. */
  readonly opened: number
  /** True if an earlier visit had it open and it may reopen by itself; it is not offered yet. */
  readonly returning: boolean
  /** Model that is loading; a former one answers until it is ready. */
  readonly opening: ModelRequest | null
  readonly progress: LoadProgress | null
  /** Reason why the one requested last did not open, or was lost. */
  readonly refused: { readonly request: ModelRequest; readonly failure: Failure } | null
  /** Number of the user's requests; each one is an attempt of its own. */
  readonly attempt: number
  /** Last request; null once it is not wanted any more. */
  readonly request: ModelRequest | null
  /** True if the user stopped the opening. */
  readonly cancelled: boolean
}

/** Holds the state that pairs two sides; the identity of the second one is in `session.beside`. */
export interface CompareState {
  /** True while the dialog that asks what to compare with is open. */
  readonly choosing: boolean
  readonly model: SecondModelState
  /** Answers of the session's own language model about tokens that only the second side lists. */
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
  /** Edits the second text while typing: no step of undo until `commitText`. */
  editSecondText(text: string): void
  /** Says whether each side takes its own nearest neighbour. */
  setOwnNearest(ownNearest: boolean): void
  /** Ends the comparison and disposes of a second model: one step of undo. */
  closeComparison(): void
}
