import { useEffect, useId, useState } from 'react'
import { type Failure, failureOf } from '../../core/failure'
import { formatBytes } from '../../core/formatBytes'
import { idOfHub, type KeptHubModel, MAIN_REVISION } from '../../core/modelSource'
import { AskedRemoval } from '../AskedRemoval'
import { useAppStore } from '../appContext'
import { useModelTarget } from './modelTarget'

interface Kept {
  readonly models: readonly KeptHubModel[] | null
  readonly failure: Failure | null
}

/** Lists models of the hub that are saved in this browser: they open again without a network. */
export function KeptModels() {
  const hub = useAppStore((state) => state.services.hub)
  const { opened, refused } = useModelTarget()
  const headingId = useId()
  const [kept, setKept] = useState<Kept>({ models: null, failure: null })
  const [removals, setRemovals] = useState(0)

  const remove = async (id: string) => {
    try {
      await hub?.remove(id)
    } catch (thrown) {
      setKept((former) => ({ ...former, failure: failureOf(thrown) }))
    }
    setRemovals((count) => count + 1)
  }
  const { models, failure } = kept
  const total = models?.reduce((sum, { bytes }) => sum + bytes, 0) ?? 0
  return (
    <section aria-labelledby={headingId}>
      {/* Read again when a model was opened, stopped or deleted. */}
      <Reader key={`${opened} ${removals} ${refused === null}`} onRead={setKept} />
      <h2 id={headingId}>
        Kept in this browser {total > 0 && <span className="soft">{formatBytes(total)}</span>}
      </h2>
      {failure && (
        <p role="alert" className="problem">
          {failure.message} {failure.advice}
        </p>
      )}
      {/* Its place is kept until the list is read, so that nothing below moves then. */}
      {(models === null ? failure === null : models.length === 0) && (
        <p className={models === null ? 'unread' : undefined}>
          Nothing yet. A model of the hub is kept here as it is fetched, and opens without a network the next
          time.
        </p>
      )}
      <ul className="saved-models">
        {models?.map((model) => (
          <KeptModel key={model.id} model={model} onRemove={() => remove(model.id)} />
        ))}
      </ul>
    </section>
  )
}

/** Reads the list of saved models once. */
function Reader({ onRead }: { readonly onRead: (kept: Kept) => void }) {
  const hub = useAppStore((state) => state.services.hub)
  useEffect(() => {
    let shown = true
    hub?.kept().then(
      (models) => shown && onRead({ models, failure: null }),
      (thrown: unknown) => shown && onRead({ models: null, failure: failureOf(thrown) }),
    )
    return () => {
      shown = false
    }
  }, [hub, onRead])
  return null
}

function KeptModel({ model, onRemove }: { readonly model: KeptHubModel; readonly onRemove: () => void }) {
  const { id, bytes, revisions } = model
  const { open, openId } = useModelTarget()
  const others = revisions.filter(({ source }) => idOfHub(source) !== openId)
  return (
    <li>
      <div>
        <strong>{id}</strong>
        <p className="soft">
          {formatBytes(bytes)}
          {revisions.length === 0 && ': looked up, not fetched'}
          {revisions.some(({ missingBytes }) => missingBytes > 0) && ': not whole yet'}
          {others.length < revisions.length && ' · open now'}
        </p>
      </div>
      <AskedRemoval
        verb="Delete"
        name={id}
        question={`Delete ${formatBytes(bytes)}? It would have to be fetched again.`}
        onRemove={onRemove}
      >
        {others.map(({ source, missingBytes }) => (
          <button
            key={source.revision}
            type="button"
            className="button"
            aria-label={`${missingBytes > 0 ? 'Go on with' : 'Open'} ${idOfHub(source)}`}
            onClick={() => open(source)}
          >
            {missingBytes > 0 ? `Fetch the other ${formatBytes(missingBytes)}` : 'Open'}
            {(revisions.length > 1 || source.revision !== MAIN_REVISION) &&
              ` ${source.revision.slice(0, 20)}`}
          </button>
        ))}
      </AskedRemoval>
    </li>
  )
}
