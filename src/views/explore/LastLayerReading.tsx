import { useEffect, useState } from 'react'
import { currentTokens } from '../../state/explore/activeSubstitutions'
import { useActions, useAppStore } from '../appContext'

/** The last layer read as a sequence: the closest token of every position, after the change. */
export function LastLayerReading() {
  const [open, setOpen] = useState(false)
  const lastLayer = useAppStore((state) => state.lastLayer)
  const tokens = useAppStore(currentTokens)
  const { readLastLayer, closeLastLayer } = useActions()

  useEffect(() => {
    if (!open) return
    readLastLayer()
    return closeLastLayer
  }, [open, readLastLayer, closeLastLayer])

  return (
    <details onToggle={(event) => setOpen(event.currentTarget.open)}>
      <summary>The last layer, read as a sequence</summary>
      {open && lastLayer.value && tokens && (
        <>
          <p className="last-layer">
            {lastLayer.value.perturbed.map(({ position, tokens: closest }, i) => {
              const token = closest[0]
              const before = lastLayer.value?.original[i]?.tokens[0]
              return (
                <span
                  key={position}
                  data-changed={token?.tokenId !== before?.tokenId || undefined}
                  data-other={token?.tokenId !== tokens.tokens[position]?.id || undefined}
                  title={`position ${position}, ${tokens.tokens[position]?.text}; before the change: ${before?.token}`}
                >
                  {token?.token}
                </span>
              )
            })}
          </p>
          <p className="soft">
            Pale: no longer its own token. Underlined: reads otherwise than before the change.
          </p>
        </>
      )}
      {open && !lastLayer.value && (
        <p className="panel-hint">
          {lastLayer.status === 'error' ? lastLayer.failure?.message : 'Waiting for the model.'}
        </p>
      )}
    </details>
  )
}
