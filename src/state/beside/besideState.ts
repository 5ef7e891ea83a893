import type { LoadProgress, ModelInfo } from '../../core/explorer'
import type { Failure } from '../../core/failure'
import type { ModelRequest } from '../../core/modelSource'
import type { Neighbor, NeighborFilters } from '../../core/neighbor'
import type { TokenizedText } from '../../core/token'
import type { Resource } from '../resource'
import type { MeasuredChange, ShownBesidePrediction, TextLikelihoods } from '../results'

/** The second model, in a worker of its own. */
export interface BesideModelState {
  /** null: none is open. */
  readonly info: ModelInfo | null
  readonly vocabulary: readonly string[] | null
  readonly deviceNote: string | null
  /** Counts the models that were opened beside. */
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

/** Results of the second side; what stands there is in `session.beside`. */
export interface BesideState {
  /** The dialog that asks what to compare with is open. */
  readonly choosing: boolean
  readonly model: BesideModelState
  readonly tokenized: Resource<TokenizedText>
  /** By position of its tokens, where something is substituted: the nearest, and the same token where there is one. */
  readonly neighbors: Resource<{
    readonly tokenized: TokenizedText
    readonly filters: NeighborFilters
    readonly byPosition: ReadonlyMap<number, readonly Neighbor[]>
  }>
  readonly measurement: Resource<MeasuredChange>
  /** Of a language model: what it expects opposite the place looked at on the first side. */
  readonly prediction: Resource<ShownBesidePrediction>
  /** Of a language model: how well it expects its own text. */
  readonly likelihoods: Resource<TextLikelihoods>
  /** The changes whose likelihoods are to be measured on both sides; empty: what follows by itself. null: nobody looks. */
  readonly wantedLikelihoods: { readonly first: string; readonly second: string } | null
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
  /** The likelihoods of both texts are wanted, for the changes of these keys; null: no longer. */
  readBothLikelihoods(changes: BesideState['wantedLikelihoods']): void
  /** Nothing stands beside any more, and a second model is given back: one step of undo. */
  closeBeside(): void
}
