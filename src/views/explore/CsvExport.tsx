import type { AppStoreState } from '../../state/store'
import { useAppStoreApi } from '../appContext'
import { download } from '../download'

interface CsvExportProps {
  /** `Neighbours as CSV` */
  readonly label: string
  /** Of the file. */
  readonly name: string
  /** null: there is nothing to save yet. */
  readonly write: (state: AppStoreState) => string | null
}

/** A table of a panel as a file. */
export function CsvExport({ label, name, write }: CsvExportProps) {
  const store = useAppStoreApi()
  const save = () => {
    const content = write(store.getState())
    if (content !== null) download(name, content, 'text/csv')
  }
  return (
    <button type="button" className="button-text" onClick={save}>
      {label}
    </button>
  )
}
