import { useRef, useState } from 'react'
import { type Failure, failureOf } from '../../core/failure'
import type { HubSource, ModelPlan, UrlSource } from '../../core/modelSource'
import type { HubServices } from '../../state/model/modelHub'
import { useHubServices } from './hubServices'
import { useModelTarget } from './modelTarget'
import { requestName } from './modelWords'

export type Looked =
  | { readonly status: 'idle' }
  | { readonly status: 'looking' }
  | { readonly status: 'found'; readonly plan: ModelPlan }
  | { readonly status: 'failed'; readonly failure: Failure }

const IDLE: Looked = { status: 'idle' }

export interface Lookup {
  /** Idle again once the model that was found is open. */
  readonly looked: Looked
  /** Asks the model's host; what an earlier question finds is dropped. Null where the page can ask none. */
  readonly look: ((source: (hub: HubServices) => Promise<HubSource | UrlSource>) => void) | null
  readonly stop: () => void
}

/** The files of a model and their sizes, before any of it is fetched. */
export function useLookup(): Lookup {
  const hub = useHubServices()
  const { opened, openId } = useModelTarget()
  const [state, setState] = useState({ looked: IDLE, opened })
  const running = useRef<AbortController | null>(null)
  const write = (looked: Looked) => setState({ looked, opened })
  const { looked } = state
  const isOpened = looked.status === 'found' && openId === requestName(looked.plan.source)
  if (isOpened && opened !== state.opened) write(IDLE)

  const stop = () => {
    running.current?.abort()
    running.current = null
    write(IDLE)
  }
  const look: Lookup['look'] =
    hub &&
    (async (source) => {
      running.current?.abort()
      const controller = new AbortController()
      running.current = controller
      write({ status: 'looking' })
      try {
        const plan = await hub.plan(await source(hub), controller.signal)
        if (running.current === controller) write({ status: 'found', plan })
      } catch (thrown) {
        if (running.current === controller) write({ status: 'failed', failure: failureOf(thrown) })
      }
    })
  return { looked, look, stop }
}
