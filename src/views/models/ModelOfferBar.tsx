import { BUILT_IN, originOf } from '../../core/modelSource'
import { useActions, useAppStore } from '../appContext'
import { requestName, WHERE } from './modelWords'
import { OfferedLookup } from './OfferedLookup'
import { OpeningModel } from './OpeningModel'
import { useKeptFocus } from './useKeptFocus'

/**
 * Offers the model of a session of another model than the open one: its text is shown, the rest waits for its model.
 */
export default function ModelOfferBar() {
  const offer = useAppStore((state) => state.model.offer)
  const replacing = useAppStore(({ model }) => model.status === 'ready' && model.opening !== null)
  if (!offer || replacing) return null
  return <Offered id={offer.session.model.id} sha256={offer.session.model.sha256} />
}

function Offered({ id, sha256 }: { readonly id: string; readonly sha256: string }) {
  const view = useAppStore((state) => state.session.view)
  const refused = useAppStore(
    ({ model }) => model.refused !== null && requestName(model.refused.request) === id,
  )
  const { dismissOffer, openModel, setView } = useActions()
  const bar = useKeptFocus<HTMLDivElement>()
  const origin = originOf(id)
  const dismiss = (
    <button type="button" className="button-text" onClick={dismissOffer}>
      Go on without it
    </button>
  )
  return (
    <div className="model-offer" ref={bar}>
      <p role="status">
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
      {origin === 'files' && view !== 'models' && (
        <button type="button" className="button-text" onClick={() => setView('models')}>
          Go to Models
        </button>
      )}
      {origin === 'hub' || origin === 'url' ? (
        <OfferedLookup key={id} id={id} className="button-text">
          {dismiss}
        </OfferedLookup>
      ) : (
        dismiss
      )}
      {refused && view !== 'models' && <OpeningModel />}
    </div>
  )
}
