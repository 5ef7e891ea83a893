import type {
  ComparedChoice,
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
import type { Figures, ScatterPoints } from '../../core/corpus/figures/figures'
import type { RunProgress } from '../../core/corpus/run'
import type { RunSettings } from '../../core/corpus/runSettings'
import type { Norm } from '../../core/measures/norm'
import type { View } from '../../core/session/session'
import type { Resource } from '../resource'
import type { TaskState } from '../task'

/** Holds the open run without its progress, which changes with every batch. */
export type OpenRun = Omit<StoredRun, 'progress'>

/** Holds a run at rest that is compared with the open one. */
export type ComparedRun = StoredRun

/** Names the record of a point. */
export interface PointPlace {
  readonly run: RunSlot
  readonly table: PlaceTable
  readonly row: number
}

/** Holds a token in its sentence, and the point it belongs to. */
export interface PointContext extends OccurrenceContext {
  readonly place: PointPlace
}

/** Holds inputs that no link carries, and results with a status; settings and source of a run are in `session.run`. */
export interface CorpusState {
  /** Runs saved on this machine, newest first. */
  readonly stored: Resource<readonly StoredRun[]>
  readonly run: Resource<OpenRun>
  readonly progress: RunProgress | null
  /** Vocabulary of the model that measured the open run, as last seen open: another model may be opened meanwhile. */
  readonly vocabulary: { readonly sha256: string; readonly entries: readonly string[] } | null
  readonly malformed: { readonly rows: readonly MalformedRow[]; readonly total: number }
  readonly figures: Resource<Figures>
  readonly scatter: Resource<ScatterPoints>
  /** Run that is compared with the open one, and its figures in the norm shown. */
  readonly compared: Resource<ComparedRun>
  readonly comparedFigures: Resource<Figures>
  /** Display of the points: the norm, one point an occurrence or a token type, and the run. */
  readonly display: { readonly norm: Norm; readonly of: ScatterPoints['of']; readonly run: RunSlot }
  /** Texts for the next run; a file's bytes are only here, never in a link. */
  readonly source: CorpusSource | null
  /** True if its first rows were requested: a run that starts needs no preview. */
  readonly previewing: boolean
  readonly preview: Resource<SourcePreview>
  /** Different values of the column with the labels, while the preview is open and one is chosen. */
  readonly labelValues: Resource<readonly string[]>
  /** Point under the pointer or the focus. */
  readonly hovered: PointPlace | null
  readonly context: Resource<PointContext>
  /** Selected points, ascending, and the scatter that they index: they are valid for no other. */
  readonly selection: { readonly points: ScatterPoints | null; readonly indices: Uint32Array }
  /** State of the file of records that is being made. */
  readonly download: TaskState
}

/** Holds a file to be saved. */
export interface NamedFile {
  readonly name: string
  readonly content: Blob
}

/** Lists the page's actions on runs: each calls the service at once and writes the answer into the state. */
export interface CorpusActions {
  /** Changes the view; not a step of undo, for nothing of the session is edited. */
  setView(view: View): void
  /** Shows the first rows of a source; null closes it. */
  chooseSource(source: CorpusSource | null): void
  /** Chooses the column whose texts are read; the preview stays. */
  chooseColumn(column: string | null): void
  /** Reads the file again in this way; options that are not named stay. */
  chooseReading(reading: FileReading): void
  /** Sets the settings of the next run; not a step of undo. */
  setRunSettings(settings: RunSettings): void
  startRun(source: CorpusSource, settings: RunSettings): void
  openRun(runId: string, options?: { readonly resume?: boolean }): void
  openRunFile(file: File): void
  /** Opens a run that comes with the page: the first where none is named. */
  openShippedRun(id?: string): void
  pauseRun(): void
  resumeRun(): void
  cancelRun(): void
  removeRun(runId: string): void
  /** Chooses the run to compare the open or the next one with; null ends the comparison. */
  compareWith(choice: ComparedChoice | null): void
  setDisplay(display: Partial<CorpusState['display']>): void
  /** Records the row of a table, by default `occurrences`, of the run whose points are shown. */
  hoverPoint(row: number | null, table?: PlaceTable): void
  /** Selects points; empty clears the selection. */
  selectPoints(indices: Uint32Array): void
  /** Opens the review of a point in Explore, on its token: one step of undo. */
  showPoint(row: number, table?: PlaceTable): void
  /** Makes a file of the open run's records; null if it was stopped or failed, which a notice reports. */
  downloadRun(format: RecordsFormat): Promise<NamedFile | null>
}
