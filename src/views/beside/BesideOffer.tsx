import { BUILT_IN, originOf } from '../../core/modelSource'
import { besideOffer } from '../../state/besideSelectors'
import { useActions, useAppStore } from '../appContext'
import { WHERE } from '../models/modelWords'

/** The session has a model beside it that is not open: what it is, and how to get it. */
export function BesideOffer() {
  const offer = useAppStore(besideOffer)
  const refused = useAppStore((state) => state.beside.model.refused !== null)
  const { openBeside, chooseBeside } = useActions()
  if (!offer || refused) return null
  const { id, sha256 } = offer
  const origin = originOf(id)
  return (
    <div className="beside-offer" role="status">
      <p>
        Beside stands {WHERE[origin]}: <strong>{id}</strong>
        {sha256 && ` (sha256 ${sha256.slice(0, 8)})`}. The first side is here; the second comes when that
        model is open.
      </p>
      {origin === 'hosted' && (
        <button type="button" className="button" onClick={() => openBeside(BUILT_IN)}>
          Open the built-in model
        </button>
      )}
      {origin === 'url' && (
        <button type="button" className="button" onClick={() => openBeside({ kind: 'url', url: id })}>
          Open it
        </button>
      )}
      {(origin === 'hub' || origin === 'files') && (
        <button type="button" className="button" onClick={() => chooseBeside(true)}>
          {origin === 'hub' ? 'See its size and open it' : 'Choose that folder'}
        </button>
      )}
    </div>
  )
}
