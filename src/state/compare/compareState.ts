import type { ModelSlot } from '../model/modelSlot'
import type { Resource } from '../resource'
import type { PredictedChange } from '../results'

/** Holds the state that pairs two sides; the identity of the second one is in `session.comparison`. */
export interface CompareState {
  /** True while the dialog that asks what to compare with is open. */
  readonly choosing: boolean
  /** True if an earlier visit had the second model open and it may reopen by itself; it is not offered yet. */
  readonly returning: boolean
  /** Slot of the second model, in a worker of its own. */
  readonly model: ModelSlot
  /** Answers of the session's own language model about tokens that only the second side lists. */
  readonly counterTokens: Resource<PredictedChange>
}

export interface CompareActions {
  /** Opens or closes the dialog that asks what to compare with. */
  chooseComparison(choosing: boolean): void
  /** Compares with a second text, the same at first: one step of undo. */
  compareTexts(): void
  /** Edits the second text while typing: no step of undo until `commitText`. */
  editSecondText(text: string): void
  /** Says whether each side takes its own nearest neighbour. */
  setOwnNearest(ownNearest: boolean): void
  /** Ends the comparison and disposes of a second model: one step of undo. */
  closeComparison(): void
}
