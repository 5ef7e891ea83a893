import { useEffect, useState } from 'react'
import { activeLastLayer } from '../../state/selectors'
import { useActions, useAppStore } from '../appContext'
import { useMeasuring } from './useMeasuring'
import { useSteady } from './useSteady'

/** The last layer read as a sequence: the closest token of every position, after the change. */
export function LastLayerReading() {
  const [open, setOpen] = useState(false)
  const { status, failure } = useAppStore((state) => state.lastLayer)
  const measuring = useMeasuring()
  const { shown, stale } = useSteady(useAppStore(activeLastLayer), measuring || status === 'loading')
  const { readLastLayer, closeLastLayer } = useActions()

  useEffect(() => {
    if (!open) return
    readLastLayer()
    return closeLastLayer
  }, [open, readLastLayer, closeLastLayer])

  return (
    <details onToggle={(event) => setOpen(event.currentTarget.open)}>
      <summary>The last layer, read as a sequence</summary>
      {open && shown && (
        <div className={stale ? 'stale' : undefined}>
          <p className="last-layer">
            {shown.perturbed.map(({ position, tokens: closest }, i) => {
              const token = closest[0]
              const before = shown.original[i]?.tokens[0]
              const own = shown.tokenized.tokens[position]
              return (
                <span
                  key={position}
                  data-changed={token?.tokenId !== before?.tokenId || undefined}
                  data-other={token?.tokenId !== own.id || undefined}
                  title={`position ${position}, ${own.text}; before the change: ${before?.token}`}
                >
                  {token?.token}
                </span>
              )
            })}
          </p>
          <p className="soft">
            Pale: no longer its own token. Underlined: reads otherwise than before the change.
          </p>
        </div>
      )}
      {open && !shown && (
        <p className="panel-hint">{status === 'error' ? failure?.message : 'Waiting for the model.'}</p>
      )}
    </details>
  )
}
