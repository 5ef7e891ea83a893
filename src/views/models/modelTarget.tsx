import { createContext, type ReactNode, useContext } from 'react'
import type { LoadProgress } from '../../core/explorer'
import type { Failure } from '../../core/failure'
import type { ModelRequest } from '../../core/modelSource'
import { useActions, useAppStore } from '../appContext'

/** Holds the target of the forms that name a model: the page's model, or the second one. */
export interface ModelTarget {
  readonly open: (request: ModelRequest) => void
  readonly cancel: () => void
  /** Id of the model that is open now. */
  readonly openId: string | null
  readonly opening: ModelRequest | null
  readonly progress: LoadProgress | null
  readonly refused: { readonly request: ModelRequest; readonly failure: Failure } | null
  /** Name of the model that answers meanwhile; null if none does. */
  readonly answering: string | null
  /** Number that changes whenever a model was opened. */
  readonly opened: number
}

const TargetContext = createContext<ModelTarget | null>(null)

/** Provides the target to the forms below. */
export function ModelTargetProvider({
  value,
  children,
}: {
  readonly value: ModelTarget
  readonly children: ReactNode
}) {
  return <TargetContext value={value}>{children}</TargetContext>
}

/** Returns the target; by default the page's own model. */
export function useModelTarget(): ModelTarget {
  const target = useContext(TargetContext)
  const { opening, request, progress, refused, info, status, opened } = useAppStore((state) => state.model)
  const { openModel, cancelModel } = useActions()
  return (
    target ?? {
      open: openModel,
      cancel: cancelModel,
      openId: info?.id ?? null,
      opening: opening ?? (status === 'loading' && request.kind !== 'built-in' ? request : null),
      progress,
      refused,
      answering: info && status === 'ready' ? info.id : null,
      opened,
    }
  )
}
