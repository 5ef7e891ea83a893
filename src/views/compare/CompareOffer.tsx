import { BUILT_IN, originOf } from '../../core/modelSource'
import { secondModelOffer } from '../../state/compare/compareSelectors'
import { OTHER } from '../../state/side/side'
import { useActions, useAppStore } from '../appContext'
import { ModelTargetProvider } from '../models/modelTarget'
import { WHERE } from '../models/modelWords'
import { OfferedLookup } from '../models/OfferedLookup'
import { useKeptFocus } from '../models/useKeptFocus'

/** Offers the session's second model, which is not open: what it is, and how to get it. */
export function CompareOffer() {
  const offer = useAppStore(secondModelOffer)
  const refused = useAppStore((state) => state.compare.model.refused !== null)
  return offer && !refused && <Offered id={offer.id} sha256={offer.sha256} />
}

function Offered({ id, sha256 }: { readonly id: string; readonly sha256: string }) {
  const { openModel, chooseComparison } = useActions()
  const kept = useKeptFocus<HTMLDivElement>()
  const origin = originOf(id)
  return (
    <div className="compare-offer" ref={kept}>
      <p role="status">
        The second model is {WHERE[origin]}: <strong>{id}</strong>
        {sha256 && ` (sha256 ${sha256.slice(0, 8)})`}. The first side is here; the second comes when that
        model is open.
      </p>
      {origin === 'hosted' && (
        <button type="button" className="button" onClick={() => openModel(BUILT_IN, OTHER)}>
          Open the built-in model
        </button>
      )}
      {(origin === 'hub' || origin === 'url') && (
        <ModelTargetProvider side={OTHER}>
          <OfferedLookup key={id} id={id} className="button" />
        </ModelTargetProvider>
      )}
      {origin === 'files' && (
        <button type="button" className="button" onClick={() => chooseComparison(true)}>
          Choose that folder
        </button>
      )}
    </div>
  )
}
