import { exportNeighborsCsv } from '../state/exports'
import { useAppStoreApi } from './appContext'
import { download } from './download'

/** The table of substitutes as a file. */
export function NeighborExport() {
  const store = useAppStoreApi()
  const save = () => {
    const content = exportNeighborsCsv(store.getState())
    if (content !== null) download('ripplescope-neighbors.csv', content, 'text/csv')
  }
  return (
    <button type="button" className="button-text" onClick={save}>
      Neighbours as CSV
    </button>
  )
}
