import type { LoadProgress, ModelInfo } from '../core/explorer'
import type { Failure } from '../core/failure'
import type { Measurement } from '../core/measurement'
import type { ModelRequest } from '../core/modelSource'
import type { NeighborFilters } from '../core/neighbor'
import type { Norm } from '../core/norm'
import type { Pin, Session } from '../core/session'
import type { TokenizedText } from '../core/token'
import type { CompareActions, CompareState } from './compare/compareState'
import type { CorpusActions, CorpusState } from './corpus/corpusState'
import type { DeviceActions, DeviceCheckState } from './deviceCheckState'
import type { ContactedHost } from './hosts'
import type { Resource } from './resource'
import type { History, ModelOffer, OfflineState, PlaceKey } from './results'
import type { Services } from './services'
import type { LikelihoodReader, Side } from './side/side'

/** Which device the user asked for; `auto`: measured (worker/deviceTrial). */
export type DevicePreference = 'auto' | 'wasm' | 'webgpu'

export interface ModelState {
  readonly status: 'idle' | 'loading' | 'ready' | 'error'
  readonly progress: LoadProgress | null
  readonly info: ModelInfo | null
  readonly failure: Failure | null
  readonly devicePreference: DevicePreference
  /** What the measuring of devices found, one sentence for the model panel; null before. */
  readonly deviceNote: string | null
  /** Counts the user's requests to open it (retry, another device): each one is an attempt of its own. */
  readonly attempt: number
  /** The user stopped the loading. */
  readonly cancelled: boolean
  /** What was asked for last. */
  readonly request: ModelRequest
  /** Counts the models that were opened, each time it is another one or the same anew. */
  readonly opened: number
  /** A model on its way while the one of `info` answers; its progress is `progress`. */
  readonly opening: ModelRequest | null
  /** Why the model asked for last did not open; the one of `info` stays. */
  readonly refused: { readonly request: ModelRequest; readonly failure: Failure } | null
  /** A session that waits for its own model. */
  readonly offer: ModelOffer | null
}

/** A passing message: what happened, what was kept, what to do. */
export interface Notice {
  readonly id: number
  readonly tone: 'info' | 'problem'
  readonly failure?: Failure
  readonly text: string
}

/** A pinned change that was measured, or is being: the curve and all that belongs to it. */
export interface PinnedChange {
  readonly pin: Pin
  /** Tokens of the text it stands on; null until tokenised. */
  readonly tokenized: TokenizedText | null
  readonly measurement: Resource<Measurement>
}

/** Inputs are in `session`; everything else here is a result with a status. What can be computed is in selectors. */
export interface AppState {
  readonly session: Session
  readonly history: History

  readonly model: ModelState
  /** Vocabulary entries by id; null until the model is open (then shipped results name their own tokens). */
  readonly vocabulary: readonly string[] | null
  /** The model behind the shipped results, until the model itself is open. */
  readonly shippedInfo: ModelInfo | null

  /** What each model has answered: first the session's own, then what it is compared with (`session.beside`). */
  readonly sides: readonly Side[]
  /** One a pin, in the order of `session.pins`. */
  readonly pinned: readonly PinnedChange[]
  /** Positions whose top substitute was measured ahead. */
  readonly measuredAhead: number

  /** Positions in sight, which are measured ahead first. */
  readonly visiblePositions: readonly number[]
  /** What the user points at. */
  readonly wanted: {
    /** The pointer rests on a token or on a substitute of the chosen one (`tokenId` null: the nearest). */
    readonly change: { readonly position: number; readonly tokenId: number | null } | null
    /** Where the language model's distribution is looked at; null: the first place that there is. */
    readonly place: PlaceKey | null
  }

  readonly compare: CompareState

  readonly corpus: CorpusState

  readonly deviceCheck: DeviceCheckState

  /** Given once, when the page is composed; a panel that asks one for itself finds it here. */
  readonly services: Services

  readonly notices: readonly Notice[]

  /** CSV is written for a spreadsheet (`forSpreadsheet` in core/csv), not for programs. */
  readonly spreadsheetCsv: boolean

  readonly offline: OfflineState
  /** Every host that the page or a worker asked for something, in the order of the first request. */
  readonly hosts: readonly ContactedHost[]
}

/** The only writers. Each edit of the session is one step of undo unless said otherwise. */
export interface Actions extends CorpusActions, CompareActions, DeviceActions {
  /** While typing: no step of undo until `commitText`. Clears held, position and tokenId. */
  editText(text: string): void
  commitText(): void
  openExample(slug: string): void
  /** A review from elsewhere, with one of its tokens chosen: opens Explore. */
  exploreText(text: string, position: number | null): void
  /** Explore the token at a position (its nearest neighbour takes its place); null closes. */
  selectPosition(position: number | null): void
  /** Put this token in the chosen place; null: the nearest again. */
  chooseSubstitute(tokenId: number | null): void
  /** Keep the present change and go on to another token on top of it. */
  holdSubstitution(): void
  releaseSubstitution(position: number): void
  setNorm(norm: Norm): void
  setFilters(filters: Partial<NeighborFilters>): void
  pin(): void
  unpin(index: number): void
  /** Make a pin the session's present change (its text too). */
  showPin(index: number): void
  undo(): void
  redo(): void
  /** From a link, a file or the browser's history: checked before, replaces the session. */
  replaceSession(session: Session, options?: { readonly undoable?: boolean }): void
  setDevicePreference(preference: DevicePreference): void
  retryModel(): void
  /** Opens another model; the present one answers until it is there. */
  openModel(request: ModelRequest): void
  /** The session that waits for its model is not wanted. */
  dismissOffer(): void
  cancelModel(): void
  /** A panel of a side was opened, or closed: what it shows is asked for while it is open. */
  want(part: 'reading' | 'lastLayer' | 'shifts' | 'substitutes', wanted: boolean, side?: number): void
  /** The pointer or focus stands on a column of a side's ripple map. */
  readColumn(position: number, side?: number): void
  /** The pointer rests where a click would substitute: measured before everything else that nobody waits for. */
  considerChange(change: AppState['wanted']['change']): void
  setVisiblePositions(positions: readonly number[]): void
  /** Look at a language model's distribution at another place. */
  lookAtPlace(place: PlaceKey): void
  /** The likelihoods of a side's tokens are wanted, for the change of this key; empty: what follows by itself; null: no longer. */
  readLikelihoods(change: string | null, side?: number, reader?: LikelihoodReader): void
  notify(notice: Omit<Notice, 'id'>): void
  dismissNotice(id: number): void
  setSpreadsheetCsv(on: boolean): void
  /** Load the page again in its new version. */
  takeUpdate(): void
  /** Not while this page is open. */
  postponeUpdate(): void
}
