import { useEffect, useState } from 'react'
import { activeLastLayer } from '../../../state/selectors'
import { useActions } from '../../appContext'
import { useSide, useSideStore } from '../../side'
import { useMeasuring } from '../useMeasuring'
import { useSteady } from '../useSteady'

/** Shows the last layer read as a sequence: the closest token of every position, after the change. */
export function LastLayerReading() {
  const [open, setOpen] = useState(false)
  const { status, failure } = useSideStore((state, side) => state.sides[side].lastLayer)
  const measuring = useMeasuring()
  const { shown, stale } = useSteady(useSideStore(activeLastLayer), measuring || status === 'loading')
  const side = useSide()
  const { want } = useActions()

  useEffect(() => {
    if (!open) return
    want('lastLayer', true, side)
    return () => want('lastLayer', false, side)
  }, [open, want, side])

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
          <p className="soft">Grey: no longer its own word. Underlined: changed by the substitution.</p>
        </div>
      )}
      {open && !shown && (
        <p className="panel-hint">{status === 'error' ? failure?.message : 'Waiting for the model.'}</p>
      )}
    </details>
  )
}
