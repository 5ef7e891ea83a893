import { FailureError, fail } from '../../core/failure'
import { geometryFigure } from '../../core/measures/geometryFigure'
import { measureTableGeometry, type TableGeometry } from '../../core/measures/tableGeometry'
import { sameEntries } from '../../core/text/sameEntries'
import type { AppState } from '../appState'
import type { Slice } from '../storeTypes'
import { createTask, NO_TASK } from '../task'
import type {
  CountedCorpus,
  MeasuredTable,
  TableGeometryActions,
  TableGeometryState,
  TableProgress,
  TableServices,
} from './tableGeometryState'

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
