import { exportLikelihoodsCsv } from '../state/exports'
import { useAppStoreApi } from './appContext'
import { download } from './download'

/** The table of likelihoods as a file. */
export function LikelihoodExport() {
  const store = useAppStoreApi()
  const save = () => {
    const content = exportLikelihoodsCsv(store.getState())
    if (content !== null) download('ripplescope-likelihoods.csv', content, 'text/csv')
  }
  return (
    <button type="button" className="button-text" onClick={save}>
      Likelihoods as CSV
    </button>
  )
}
