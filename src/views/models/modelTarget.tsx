import { createContext, type ReactNode, useContext } from 'react'
import type { ModelRequest } from '../../core/modelSource'
import type { ModelSlot } from '../../state/model/modelSlot'
import { OWN } from '../../state/side/side'
import { slotOf } from '../../state/side/sideInputs'
import { useActions, useAppStore } from '../appContext'

interface Target {
  readonly side: number
  readonly onOpen?: () => void
}

/** Holds the target of the forms that name a model: the slot of a side. */
export interface ModelTarget extends Pick<ModelSlot, 'opening' | 'progress' | 'refused' | 'opened'> {
  readonly open: (request: ModelRequest) => void
  readonly cancel: () => void
  /** Id of the model that is open now. */
  readonly openId: string | null
  /** Name of the model that answers meanwhile; null if none does. */
  readonly answering: string | null
}

const TargetContext = createContext<Target>({ side: OWN })

/** Provides the side whose model the forms below name. @param onOpen called when a model is asked for */
export function ModelTargetProvider({ side, onOpen, children }: Target & { readonly children: ReactNode }) {
  return <TargetContext value={{ side, onOpen }}>{children}</TargetContext>
}

const answeringId = ({ status, info }: ModelSlot) => (status === 'ready' ? (info?.id ?? null) : null)

/** Returns the target; by default the session's own model. */
export function useModelTarget(): ModelTarget {
  const { side, onOpen } = useContext(TargetContext)
  const slot = useAppStore((state) => slotOf(state, side))
  const own = useAppStore(({ model }) => answeringId(model))
  const { openModel, cancelModel } = useActions()
  const { opening, progress, refused, opened, info } = slot
  // The page's own model opens without being asked for: the top bar shows that.
  const isStart = side === OWN && slot.status === 'loading' && opening?.kind === 'built-in'
  return {
    open: (request) => {
      openModel(request, side)
      onOpen?.()
    },
    cancel: () => cancelModel(side),
    openId: info?.id ?? null,
    opening: isStart ? null : opening,
    progress,
    refused,
    answering: answeringId(slot) ?? own,
    opened,
  }
}
