import { lazy, Suspense, useEffect, useState } from 'react'
import { useActions } from '../../appContext'
import { useSide } from '../../side'

/** Loaded when they are opened. */
const TokenTable = lazy(() => import('./TokenTable'))
const OcclusionRow = lazy(() => import('./OcclusionRow'))
const FlipSearchPart = lazy(() => import('./FlipSearchPart'))

/** Shows the whole review at once, in a part that opens: every token with its nearest substitute, measured alone. */
export function AllTokens() {
  const [open, setOpen] = useState(false)
  const side = useSide()
  const { want } = useActions()
  useEffect(() => {
    if (!open) return
    want('effects', true, side)
    return () => want('effects', false, side)
  }, [open, side, want])
  return (
    <details className="all-tokens" onToggle={(event) => setOpen(event.currentTarget.open)}>
      <summary>All tokens</summary>
      {open && (
        <Suspense fallback={<p className="panel-hint">Loading…</p>}>
          <TokenTable />
          <OcclusionRow />
          <FlipSearchPart />
        </Suspense>
      )}
    </details>
  )
}
