import { modelInfo } from '../../state/selectors'
import { useActions, useAppStore } from '../appContext'
import type { ModelTarget } from '../models/modelTarget'

/** Returns the second model as the target of the forms. */
export function useSecondModelTarget(): ModelTarget {
  const { info, opening, progress, refused, opened } = useAppStore((state) => state.compare.model)
  const first = useAppStore((state) => (state.model.status === 'ready' ? modelInfo(state)?.id : null) ?? null)
  const { openSecondModel, cancelSecondModel } = useActions()
  return {
    open: openSecondModel,
    cancel: cancelSecondModel,
    openId: info?.id ?? null,
    opening,
    progress,
    refused,
    answering: info?.id ?? first,
    opened,
  }
}
