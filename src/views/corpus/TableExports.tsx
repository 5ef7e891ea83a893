import { comparedRun } from '../../state/corpus/corpusComparison'
import { type FigureTable, tableCsv, tableJson } from '../../state/corpus/corpusTables'
import { useAppStoreApi } from '../appContext'
import { download } from '../download'

interface TableExportsProps {
  /** In files, and without its ending in their name. */
  readonly name: string
  /** Of what, for the buttons' names. */
  readonly title: string
  /** null: there is nothing to save. */
  readonly table: () => FigureTable | null
}

/** Numbers as files. */
export function TableExports({ name, title, table }: TableExportsProps) {
  const store = useAppStoreApi()
  const saveCsv = () => {
    const rows = table()
    if (rows) download(`ripplescope-${name}.csv`, tableCsv(rows), 'text/csv')
  }
  const saveJson = () => {
    const { run, progress } = store.getState().corpus
    const rows = table()
    if (!run.value || !rows) return
    const open = { header: run.value.header, progress }
    const content = tableJson(name, rows, open, comparedRun(store.getState()))
    download(`ripplescope-${name}.json`, content, 'application/json')
  }
  return (
    <>
      <button type="button" className="chart-button" aria-label={`${title} as CSV`} onClick={saveCsv}>
        CSV
      </button>
      <button type="button" className="chart-button" aria-label={`${title} as JSON`} onClick={saveJson}>
        JSON
      </button>
    </>
  )
}
