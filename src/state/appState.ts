import type { ModelInfo } from '../core/explorer'
import type { Measurement } from '../core/measures/measurement'
import type { NeighborFilters } from '../core/measures/neighbor'
import type { Norm } from '../core/measures/norm'
import type { Substitution } from '../core/measures/substitution'
import type { ModelRequest } from '../core/modelSource'
import type {
  Curve,
  OrderedTable,
  Pin,
  RippleReading,
  Session,
  TableOrder,
  Tint,
} from '../core/session/session'
import type { TokenizedText } from '../core/text/token'
import type { CompareActions, CompareState } from './compare/compareState'
import type { CorpusActions, CorpusState } from './corpus/corpusState'
import type { DeviceActions, DeviceCheckState } from './device/deviceCheckState'
import type { ContactedHost } from './hosts'
import type { DevicePreference, FindSaved, ModelSlot } from './model/modelSlot'
import type { TableGeometryActions, TableGeometryState } from './model/tableGeometryState'
import type { Resource } from './resource'
import type { FlipSettings, History, ModelOffer, Notice, OfflineState, PlaceKey } from './results'
import type { Services } from './services'
import type { LikelihoodReader, Side } from './side/side'

/** Holds the slot of the session's own model. */
export interface ModelState extends ModelSlot {
  readonly devicePreference: DevicePreference
  /** Session that waits for its own model. */
  readonly offer: ModelOffer | null
}

/** Holds a pinned change that was measured, or is being measured: the curve and everything that belongs to it. */
export interface PinnedChange {
  readonly pin: Pin
  /** Tokens of its text; null until tokenised. */
  readonly tokenized: TokenizedText | null
  readonly measurement: Resource<Measurement>
}

/** Holds the inputs in `session`; everything else is a result with a status. Derived values are in selectors. */
export interface AppState {
  readonly session: Session
  readonly history: History

  readonly model: ModelState
  /** Model of the shipped results, until the model itself is open. */
  readonly shippedInfo: ModelInfo | null

  /** Answers of each model: first the session's own side, then the one compared with it (`session.comparison`). */
  readonly sides: readonly Side[]
  /** One entry for each pin, in the order of `session.pins`. */
  readonly pinned: readonly PinnedChange[]
  /** Number of positions whose top substitute was measured in advance. */
  readonly measuredAhead: number

  /** Visible positions, which are measured in advance first. */
  readonly visiblePositions: readonly number[]
  /** Things that the user points at. */
  readonly wanted: {
    /** Token, or substitute of the chosen one, under the pointer (`tokenId` null: the nearest). */
    readonly change: { readonly position: number; readonly tokenId: number | null } | null
    /** Place at which the language model's distribution is shown; null: the first place that exists. */
    readonly place: PlaceKey | null
  }

  readonly compare: CompareState

  readonly corpus: CorpusState

  readonly deviceCheck: DeviceCheckState

  readonly tableGeometry: TableGeometryState

  /** Services, set once when the page is composed; panels that call a service read it here. */
  readonly services: Services

  readonly notices: readonly Notice[]

  /** True to write CSV for a spreadsheet (`forSpreadsheet` in core/exports/csv), not for programs. */
  readonly spreadsheetCsv: boolean

  readonly offline: OfflineState
  /** Every host from which the page or a worker requested something, in the order of the first request. */
  readonly hosts: readonly ContactedHost[]
}

/** Lists the only writers of the state. Each edit of the session is one step of undo unless stated otherwise. */
export interface Actions extends CorpusActions, CompareActions, DeviceActions, TableGeometryActions {
  /** Edits the text while typing: no step of undo until `commitText`. Clears held, position and tokenId. */
  editText(text: string): void
  commitText(): void
  openExample(slug: string): void
  /** Opens Explore on a review from another view, with one of its tokens chosen. */
  exploreText(text: string, position: number | null): void
  /** Explores the token at a position (its nearest neighbour replaces it); null closes. */
  selectPosition(position: number | null): void
  /** Puts this token in the chosen place; null: the nearest again. */
  chooseSubstitute(tokenId: number | null): void
  /** Holds the present change, so that another token can be changed on top of it. */
  holdSubstitution(): void
  releaseSubstitution(position: number): void
  setNorm(norm: Norm): void
  /** Tints the review by another quantity. */
  setTint(tint: Tint): void
  /** Shows distances in the ripple, or shares of the effect. */
  setRipple(ripple: RippleReading): void
  /** Shows another quantity over the layers; null: the one that suits one model or two. */
  setCurve(curve: Curve | null): void
  /** Sorts a table by a column; null: its own order. */
  setOrder<Table extends OrderedTable>(table: Table, order: TableOrder<Table>): void
  /** Names a model's labels; an empty name leaves the model's own. */
  nameLabels(model: string, names: readonly string[]): void
  /** Holds these substitutions in the place of the present change: one step of undo. */
  holdSubstitutions(substitutions: readonly Substitution[]): void
  setFilters(filters: Partial<NeighborFilters>): void
  pin(): void
  unpin(index: number): void
  /** Makes a pin the session's present change (its text too). */
  showPin(index: number): void
  undo(): void
  redo(): void
  /** Replaces the session by one from a link, a file or the browser's history, which was validated before. */
  replaceSession(session: Session, options?: { readonly undoable?: boolean }): void
  setDevicePreference(preference: DevicePreference): void
  /**
   * Opens the page's own model, and then the model that the session of an earlier visit waits for.
   *
   * @param findSaved absent if the session came with a link: nothing opens that nobody asked for
   */
  startModel(findSaved?: FindSaved): void
  /** Opens the session's own model again, after a failure or a loss. */
  retryModel(): void
  /** Opens another model on a side; the present one answers until the new one is ready. */
  openModel(request: ModelRequest, side?: number): void
  /** Stops the model that loads on a side. */
  cancelModel(side?: number): void
  /** Disposes of a side's model and of one that loads there. */
  closeModel(side: number): void
  /** Drops the session that waits for its model. */
  dismissOffer(): void
  /** Records that a panel of a side was opened or closed: its content is requested while it is open. */
  want(
    part: 'reading' | 'lastLayer' | 'shifts' | 'substitutes' | 'effects' | 'allSubstitutes',
    wanted: boolean,
    side?: number,
  ): void
  /** Records the column of a side's ripple map under the pointer or focus. */
  readColumn(position: number, side?: number): void
  /** Puts the state of one cell into the other run; null: none is asked for. */
  patchCell(cell: { readonly layer: number; readonly position: number } | null, side?: number): void
  /** Puts all states of a change into the other run, one after the other; null stops. @param key of `patchSubject` */
  sweepPatches(key: string | null, side?: number): void
  /** Records the change that a click at the pointer would make: it is measured first among the work in advance. */
  considerChange(change: AppState['wanted']['change']): void
  setVisiblePositions(positions: readonly number[]): void
  /** Shows a language model's distribution at another place. */
  lookAtPlace(place: PlaceKey): void
  /**
   * Requests the likelihoods of a side's tokens for the change of this key; empty: those that follow every change;
   * null: none.
   */
  readLikelihoods(change: string | null, side?: number, reader?: LikelihoodReader): void
  /** Starts, goes on with, or stops measuring what hiding each token of a side's text does. */
  measureOcclusion(wanted: boolean, side?: number): void
  /** Starts the search for the fewest substitutions that flip a side's answer, or goes on with it; null stops it. */
  searchFlips(settings: FlipSettings | null, side?: number): void
  notify(notice: Omit<Notice, 'id'>): void
  dismissNotice(id: number): void
  setSpreadsheetCsv(on: boolean): void
  /** Reloads the page in its new version. */
  takeUpdate(): void
  /** Postpones the update until this page is closed. */
  postponeUpdate(): void
}
