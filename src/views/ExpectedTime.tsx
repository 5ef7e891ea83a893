import { expectedTime } from '../state/explore/expectedTime'
import { formatDuration } from './formatDuration'
import { useSideStore } from './side'

/** Shortest time that is told beforehand, ms. */
const TOLD_FROM = 2000

/** Returns `about 4 s, by what forwards took here so far`; null of a short wait, or where none was measured. */
export function useExpectedTime(): string | null {
  const seconds = useSideStore((state, side) => {
    const ms = expectedTime(state, side)
    return ms === null || ms < TOLD_FROM ? null : Math.round(ms / 1000)
  })
  return seconds === null ? null : `about ${formatDuration(seconds)}, by what forwards took here so far`
}

/** Tells, above a former drawing that is dimmed, how long the next one takes; it takes no place of its own. */
export function ExpectedTime({ stale }: { readonly stale: boolean }) {
  const expected = useExpectedTime()
  return <div className="expected-time">{stale && expected && <span>Measuring: {expected}.</span>}</div>
}
