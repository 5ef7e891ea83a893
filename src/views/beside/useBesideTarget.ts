import { modelInfo } from '../../state/selectors'
import { useActions, useAppStore } from '../appContext'
import type { ModelTarget } from '../models/modelTarget'

/** The model beside, as what the forms open. */
export function useBesideTarget(): ModelTarget {
  const { info, opening, progress, refused, opened } = useAppStore((state) => state.beside.model)
  const first = useAppStore((state) => (state.model.status === 'ready' ? modelInfo(state)?.id : null) ?? null)
  const { openBeside, cancelBeside } = useActions()
  return {
    open: openBeside,
    cancel: cancelBeside,
    openId: info?.id ?? null,
    opening,
    progress,
    refused,
    answering: info?.id ?? first,
    opened,
  }
}
