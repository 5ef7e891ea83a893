import { useActions, useAppStore } from '../appContext'

/** Offers a new version of the page. Only the button installs it. */
export function UpdateNotice() {
  const { update, otherPages } = useAppStore((state) => state.offline)
  const { takeUpdate, postponeUpdate } = useActions()
  if (update !== 'offered' && update !== 'wanted') return null
  return (
    <div className="notice" data-tone="info">
      <div>
        <p>A new version is ready. Reloading keeps your session.</p>
        {otherPages > 0 && (
          <p className="soft">
            {otherPages === 1 ? 'Another tab or frame runs' : `${otherPages} other tabs or frames run`} the
            present version: close {otherPages === 1 ? 'it' : 'them'}, then reload.
          </p>
        )}
        <div className="row">
          <button type="button" className="button button-accent" onClick={takeUpdate}>
            Reload
          </button>
          <button type="button" className="button button-quiet" onClick={postponeUpdate}>
            Later
          </button>
        </div>
      </div>
    </div>
  )
}
