import { useState } from 'react'
import type { Failure } from '../../core/failure'
import type { HubSource, ModelPlan, UrlSource } from '../../core/modelSource'
import type { HubServices } from '../../state/model/modelHub'
import { createTask } from '../../state/task'
import { useAppStore } from '../appContext'
import { useModelTarget } from './modelTarget'
import { requestName } from './modelWords'

export type Looked =
  | { readonly status: 'idle' }
  | { readonly status: 'looking' }
  | { readonly status: 'found'; readonly plan: ModelPlan }
  | {
      readonly status: 'failed'
      readonly failure: Failure
      /** Source that was asked for; null where its name could not be read. */
      readonly source: HubSource | UrlSource | null
    }

const IDLE: Looked = { status: 'idle' }

export interface Lookup {
  /** Result of the look-up; idle again once the model that was found is open. */
  readonly looked: Looked
  /** Asks the model's host; the result of an earlier question is dropped. Null if the page cannot ask. */
  readonly look: ((source: (hub: HubServices) => Promise<HubSource | UrlSource>) => void) | null
  readonly stop: () => void
}

/** Finds the files of a model and their sizes, before any of them is fetched. */
export function useLookup(): Lookup {
  const hub = useAppStore((state) => state.services.hub)
  const { opened, openId } = useModelTarget()
  const [state, setState] = useState({ looked: IDLE, opened })
  const [task] = useState(() => createTask(() => undefined))
  const write = (looked: Looked) => setState({ looked, opened })
  const { looked } = state
  const isOpened = looked.status === 'found' && openId === requestName(looked.plan.source)
  if (isOpened && opened !== state.opened) write(IDLE)

  const stop = () => {
    task.abort()
    write(IDLE)
  }
  const look: Lookup['look'] =
    hub &&
    (async (source) => {
      write({ status: 'looking' })
      let asked: HubSource | UrlSource | null = null
      const end = await task.run(async ({ signal }) => {
        asked = await source(hub)
        return hub.plan(asked, signal)
      })
      if (end.status === 'done') write({ status: 'found', plan: end.value })
      if (end.status === 'failed') write({ status: 'failed', failure: end.failure, source: asked })
    })
  return { looked, look, stop }
}
