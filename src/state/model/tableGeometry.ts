import type { TokenCounts } from '../../core/corpus/run'
import type { PrioritizedExplorer } from '../../core/explorer'
import { FailureError, fail } from '../../core/failure'
import { type GeometryFigure, geometryFigure } from '../../core/measures/geometryFigure'
import { type LeftOut, measureTableGeometry, type TableGeometry } from '../../core/measures/tableGeometry'
import { sameEntries } from '../../core/text/sameEntries'
import type { AppState } from '../appState'
import type { Slice } from '../storeTypes'
import { createTask, NO_TASK, type TaskState } from '../task'

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

export type TableGeometrySlice = { readonly tableGeometry: TableGeometryState } & TableGeometryActions

/** Returns the table of the open model; null where that one was not measured. */
export const measuredTable = ({ tableGeometry: { table }, model: { info } }: AppState) =>
  table && table.sha256 === info?.provenance.sha256 ? table : null

/** Waits until the page has drawn what it can: a part that takes time comes after. */
const breath = () => new Promise<void>((resolve) => setTimeout(resolve, 0))

/** @param services absent if the page measures no table */
export const createTableGeometrySlice =
  (services: TableServices | null): Slice<TableGeometrySlice> =>
  (set, get) => {
    const change = (changes: Partial<TableGeometryState>) =>
      set(({ tableGeometry }) => ({ tableGeometry: { ...tableGeometry, ...changes } }))
    const task = createTask<TableProgress>(change)

    /** Returns the counts of Corpus's open run, where its tokens are this model's. */
    async function countedCorpus(): Promise<CountedCorpus | null> {
      const { corpus, model, services: all } = get()
      const run = corpus.run.value
      if (!run || !model.info || !model.vocabulary || !all.corpus) return null
      const own = run.header.provenance.sha256 === model.info.provenance.sha256
      if (!own && !sameEntries(run.tokenNames ?? [], model.vocabulary)) return null
      return { name: run.header.origin.name, counts: await all.corpus.counts() }
    }

    async function summed(sha256: string, geometry: TableGeometry): Promise<MeasuredTable> {
      const corpus = await countedCorpus().catch(() => null)
      await breath()
      return { sha256, geometry, corpus, figure: geometryFigure(geometry, corpus?.counts ?? null) }
    }

    return {
      tableGeometry: { ...NO_TASK, table: null },
      measureTable: async (leftOut) => {
        const end = await task.run(async ({ signal, report }) => {
          const { info, status } = get().model
          const explorer = services?.live()
          if (!info || !explorer || status !== 'ready') fail('not-ready', 'The model is not open yet.')
          const { sha256 } = info.provenance
          const geometry = await measureTableGeometry(
            async (request) => {
              const found = await explorer.tableNeighbors(request, { priority: 'corpus', signal })
              if (get().model.info?.provenance.sha256 === sha256) return found
              throw new FailureError({ kind: 'cancelled', message: 'Another model was opened.' })
            },
            { vocabularySize: info.vocabularySize, leftOut, signal, onProgress: report },
          )
          return summed(sha256, geometry)
        })
        if (end.status === 'done') change({ table: end.value })
      },
      stopTable: task.abort,
      relateTable: async () => {
        const { table } = get().tableGeometry
        if (!table) return
        const related = await summed(table.sha256, table.geometry)
        if (get().tableGeometry.table === table) change({ table: related })
      },
    }
  }
