import { BUILT_IN, originOf } from '../../core/modelSource'
import { useActions, useAppStore } from '../appContext'
import { WHERE } from './modelWords'

/** A session of another model than the open one: its text is shown, the rest waits for its model. */
export default function ModelOfferBar() {
  const offer = useAppStore((state) => state.model.offer)
  const opening = useAppStore((state) => state.model.opening !== null)
  const view = useAppStore((state) => state.session.view)
  const { dismissOffer, openModel, setView } = useActions()
  if (!offer || opening) return null
  const { id, sha256 } = offer.session.model
  const origin = originOf(id)
  return (
    <div className="model-offer" role="status">
      <p>
        This session was made with {WHERE[origin]}: <strong>{id}</strong>
        {sha256 && ` (sha256 ${sha256.slice(0, 8)})`}. Its text is here; its changes and pins come when that
        model is open.
        {origin === 'files' && ' Drop that folder in Models to open it.'}
      </p>
      {origin === 'hosted' && (
        <button type="button" className="button-text" onClick={() => openModel(BUILT_IN)}>
          Open the built-in model
        </button>
      )}
      {origin === 'url' && (
        <button type="button" className="button-text" onClick={() => openModel({ kind: 'url', url: id })}>
          Open it
        </button>
      )}
      {(origin === 'hub' || origin === 'files') && view !== 'models' && (
        <button type="button" className="button-text" onClick={() => setView('models')}>
          {origin === 'hub' ? 'See its size and open it' : 'Go to Models'}
        </button>
      )}
      <button type="button" className="button-text" onClick={dismissOffer}>
        Go on without it
      </button>
    </div>
  )
}
