import { isMeasuring } from '../../state/selectors'
import { useAppStore } from '../appContext'

/** Whether the present change is being measured by a model that is open. */
export function useMeasuring(): boolean {
  return useAppStore(isMeasuring)
}
