import { activeSubstitutions, currentTokens } from '../state/selectors'
import { OWN } from '../state/side/side'
import { useAppStore } from './appContext'
import { useExpectedTime } from './ExpectedTime'
import { NO_COUNTERPART, useSideStore } from './side'

/** Fills the place of a chart, and says what it waits for. */
export function ChartWaiting({ className }: { readonly className: string }) {
  const measurement = useSideStore((state, side) => state.sides[side].measurement)
  const chosen = useAppStore((state) => state.session.position !== null || state.session.held.length > 0)
  const modelReady = useAppStore((state) => state.model.status === 'ready')
  const unchanged = useSideStore(
    (state, side) => side !== OWN && activeSubstitutions(state, side)?.length === 0 && chosen,
  )
  const expected = useExpectedTime()
  const unread = useAppStore((state) => state.session.text.trim() !== '' && currentTokens(state) === null)
  if (unread && !modelReady) {
    return <p className={className}>The model reads this text as soon as it is open.</p>
  }
  if (unchanged) return <p className={className}>{NO_COUNTERPART}</p>
  if (!chosen) return <p className={className}>Choose a token of the review to see its change here.</p>
  if (measurement.status === 'error') {
    return (
      <p className={className} role="alert">
        {measurement.failure?.message} {measurement.failure?.advice}
      </p>
    )
  }
  return (
    <p className={`${className} skeleton`}>
      {modelReady
        ? expected
          ? `Measuring: ${expected}.`
          : 'Measuring…'
        : 'This change is measured as soon as the model is open.'}
    </p>
  )
}
