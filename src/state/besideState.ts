import type { LoadProgress, ModelInfo } from '../core/explorer'
import type { Failure } from '../core/failure'
import type { Measurement } from '../core/measurement'
import type { ModelRequest } from '../core/modelSource'
import type { Neighbor } from '../core/neighbor'
import type { TokenizedText } from '../core/token'
import type { Resource } from './resource'

/** The second model, in a worker of its own. */
export interface BesideModelState {
  /** null: none is open. */
  readonly info: ModelInfo | null
  readonly vocabulary: readonly string[] | null
  readonly deviceNote: string | null
  /** Counts the models that were opened beside. */
  readonly opened: number
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

/** Results of the second side; what stands there is in `session.beside`. */
export interface BesideState {
  /** The dialog that asks what to compare with is open. */
  readonly choosing: boolean
  readonly model: BesideModelState
  readonly tokenized: Resource<TokenizedText>
  /** By position of its tokens, where something is substituted: the nearest, and the same token where there is one. */
  readonly neighbors: Resource<ReadonlyMap<number, readonly Neighbor[]>>
  readonly measurement: Resource<Measurement>
}

export interface BesideActions {
  /** Opens or closes the dialog that asks what to compare with. */
  chooseBeside(choosing: boolean): void
  /** Another model on the same review: one step of undo once it is open. */
  openBeside(request: ModelRequest): void
  cancelBeside(): void
  /** A second text beside the review, the same at first: one step of undo. */
  compareTexts(): void
  /** While typing: no step of undo until `commitText`. */
  editTextBeside(text: string): void
  /** Whether each side takes its own nearest neighbour. */
  setOwnNearest(ownNearest: boolean): void
  /** Nothing stands beside any more, and a second model is given back: one step of undo. */
  closeBeside(): void
}
