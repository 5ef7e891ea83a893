import type { TokenCounts } from '../../core/corpus/run'
import type { PrioritizedExplorer } from '../../core/explorer'
import type { GeometryFigure } from '../../core/measures/geometryFigure'
import type { LeftOut, TableGeometry } from '../../core/measures/tableGeometry'
import type { TaskState } from '../task'

/** Lists what measuring a word table needs apart from the store. */
export interface TableServices {
  /** Returns the open model; null while there is none. */
  live(): Pick<PrioritizedExplorer, 'tableNeighbors'> | null
}

/** Names the corpus that tells how common the entries are, with their counts. */
export interface CountedCorpus {
  readonly name: string
  readonly counts: TokenCounts
}

/** Holds the geometry of one model's word table, and what it sums up to. */
export interface MeasuredTable {
  /** Digest of the model's weights. */
  readonly sha256: string
  readonly geometry: TableGeometry
  /** Null where no run in Corpus has this model's vocabulary. */
  readonly corpus: CountedCorpus | null
  readonly figure: GeometryFigure
}

/** Counts the rows of the table that were asked about. */
export interface TableProgress {
  readonly done: number
  readonly total: number
}

export interface TableGeometryState extends TaskState<TableProgress> {
  /** Last table that was measured. */
  readonly table: MeasuredTable | null
}

export interface TableGeometryActions {
  /** Measures the open model's word table, behind whatever else is asked of the model. */
  measureTable(leftOut: LeftOut): Promise<void>
  stopTable(): void
  /** Sets the measured table against the run that is open in Corpus, if that has its vocabulary. */
  relateTable(): Promise<void>
}
