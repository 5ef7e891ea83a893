import type {
  BesideChoice,
  CorpusSource,
  FileReading,
  MalformedRow,
  OccurrenceContext,
  PlaceTable,
  RecordsFormat,
  RunSlot,
  SourcePreview,
  StoredRun,
} from '../../core/corpus/corpusService'
import type { Figures, ScatterPoints } from '../../core/corpus/figures'
import type { RunProgress } from '../../core/corpus/run'
import type { RunSettings } from '../../core/corpus/runSettings'
import type { Norm } from '../../core/norm'
import type { View } from '../../core/session'
import type { Resource } from '../resource'
import type { TaskState } from '../task'

/** The open run besides its progress, which changes with every batch. */
export type OpenRun = Omit<StoredRun, 'progress'>

/** A run at rest, kept to be drawn beside the open one. */
export type BesideRun = StoredRun

/** The record behind a point. */
export interface PointPlace {
  readonly run: RunSlot
  readonly table: PlaceTable
  readonly row: number
}

/** A token in its sentence, and the point it belongs to. */
export interface PointContext extends OccurrenceContext {
  readonly place: PointPlace
}

/** Inputs that no link carries, and results with a status; settings and source of a run are in `session.run`. */
export interface CorpusState {
  /** Runs kept on this machine, newest first. */
  readonly stored: Resource<readonly StoredRun[]>
  readonly run: Resource<OpenRun>
  readonly progress: RunProgress | null
  /** Of the model that measured the open run, as last seen open: another model may be opened meanwhile. */
  readonly vocabulary: { readonly sha256: string; readonly entries: readonly string[] } | null
  readonly malformed: { readonly rows: readonly MalformedRow[]; readonly total: number }
  readonly figures: Resource<Figures>
  readonly scatter: Resource<ScatterPoints>
  /** The run that is kept beside whatever is open, and its figures in the norm shown. */
  readonly beside: Resource<BesideRun>
  readonly besideFigures: Resource<Figures>
  /** How points are drawn: in which norm, one an occurrence or one a token type, and of which run. */
  readonly display: { readonly norm: Norm; readonly of: ScatterPoints['of']; readonly run: RunSlot }
  /** Texts for the next run; a file's bytes are only here, never in a link. */
  readonly source: CorpusSource | null
  /** Whether its first rows were asked for: a run that is started looks at nothing twice. */
  readonly previewing: boolean
  readonly preview: Resource<SourcePreview>
  /** What is under the pointer or the focus. */
  readonly hovered: PointPlace | null
  readonly context: Resource<PointContext>
  /** Chosen points, ascending, and the scatter that they are indices of: they hold for no other. */
  readonly selection: { readonly points: ScatterPoints | null; readonly indices: Uint32Array }
  /** Of the file of records that is being made. */
  readonly download: TaskState
}

/** A file to be saved. */
export interface NamedFile {
  readonly name: string
  readonly content: Blob
}

/** What the page does with runs: each asks the service at once, and answers into the state. */
export interface CorpusActions {
  /** Not a step of undo: nothing of the session is edited. */
  setView(view: View): void
  /** Looks at the first rows of a source; null closes it. */
  chooseSource(source: CorpusSource | null): void
  /** The column whose texts are read; the preview stays. */
  chooseColumn(column: string | null): void
  /** Reads the file anew, in this way; what is not named stays as it was asked. */
  chooseReading(reading: FileReading): void
  /** Settings for the next run. Not a step of undo. */
  setRunSettings(settings: RunSettings): void
  startRun(source: CorpusSource, settings: RunSettings): void
  openRun(runId: string, options?: { readonly resume?: boolean }): void
  openRunFile(file: File): void
  openShippedRun(): void
  pauseRun(): void
  resumeRun(): void
  cancelRun(): void
  removeRun(runId: string): void
  /** Keeps a run beside the next one, or beside the open one; null gives it up. */
  keepBeside(choice: BesideChoice | null): void
  setDisplay(display: Partial<CorpusState['display']>): void
  /** A row of a table, by default `occurrences`, of the run whose points are shown. */
  hoverPoint(row: number | null, table?: PlaceTable): void
  /** Empty: none. */
  selectPoints(indices: Uint32Array): void
  /** Opens the review behind a point in Explore, on its token: one step of undo. */
  showPoint(row: number, table?: PlaceTable): void
  /** Makes a file of the open run's records; null where it was stopped or failed, which a notice says. */
  downloadRun(format: RecordsFormat): Promise<NamedFile | null>
}
