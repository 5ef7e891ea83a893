import { exportPredictionCsv } from '../state/exports'
import { useAppStoreApi } from './appContext'
import { download } from './download'

/** The table of most probable tokens as a file. */
export function PredictionExport() {
  const store = useAppStoreApi()
  const save = () => {
    const content = exportPredictionCsv(store.getState())
    if (content !== null) download('ripplescope-tokens.csv', content, 'text/csv')
  }
  return (
    <button type="button" className="button-text" onClick={save}>
      Tokens as CSV
    </button>
  )
}
