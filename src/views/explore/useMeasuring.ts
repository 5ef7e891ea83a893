import { isMeasuring } from '../../state/selectors'
import { useSideStore } from '../side'

/** Says whether the present change is being measured by the side's model, or by the session's own, which goes first. */
export function useMeasuring(): boolean {
  return useSideStore((state, side) => isMeasuring(state) || isMeasuring(state, side))
}
