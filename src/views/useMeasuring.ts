import { activeMeasurement, activeSubstitutions } from '../state/selectors'
import { useAppStore } from './appContext'

/** Whether the present change is being measured by a model that is open. */
export function useMeasuring(): boolean {
  return useAppStore(
    (state) =>
      state.model.status === 'ready' &&
      state.measurement.status !== 'error' &&
      activeMeasurement(state) === null &&
      activeSubstitutions(state)?.length !== 0,
  )
}
