import type { LoadProgress, ModelInfo } from '../core/explorer'
import { failureOf } from '../core/failure'
import type { DevicePreference, ModelState } from './appState'
import { adoptModel } from './sessionModel'
import type { AppStore } from './storeTypes'

export interface OpenedModel {
  readonly info: ModelInfo
  readonly vocabulary: readonly string[]
  readonly deviceNote?: string | null
}

export interface ModelServices {
  /** Opens the model; rejects with `cancelled` after `cancel`. */
  open(preference: DevicePreference, onProgress: (progress: LoadProgress) => void): Promise<OpenedModel>
  /** Changes the device of the open model, which answers until then. */
  changeDevice(preference: DevicePreference): Promise<void>
  cancel(): void
}

export interface ModelConnection {
  /** The model that answers has changed: another device, or the same one started again. */
  update(info: ModelInfo, deviceNote: string | null): void
  disconnect(): void
}

/** Opens the model at once and again when the user asks, and keeps `state.model` in step. */
export function connectModel(store: AppStore, services: ModelServices): ModelConnection {
  let attempt = store.getState().model.attempt
  let preference = store.getState().model.devicePreference
  let connected = true

  const write = (changes: Partial<ModelState>) =>
    store.setState(({ model }) => ({ model: { ...model, ...changes } }))
  const isCurrent = (mine: number) => connected && mine === attempt

  async function open(mine: number): Promise<void> {
    write({ status: 'loading', progress: null, failure: null, cancelled: false })
    try {
      const opened = await services.open(preference, (progress) => {
        if (isCurrent(mine)) write({ progress })
      })
      if (!isCurrent(mine)) return
      const { info, vocabulary, deviceNote = null } = opened
      const { session, notice } = adoptModel(store.getState().session, info)
      if (notice) store.getState().notify(notice)
      store.setState(({ model }) => ({
        vocabulary,
        session,
        model: {
          ...model,
          status: 'ready',
          progress: null,
          info,
          deviceNote: deviceNote ?? model.deviceNote,
        },
      }))
    } catch (thrown) {
      if (!isCurrent(mine)) return
      const failure = failureOf(thrown)
      write({ status: failure.kind === 'cancelled' ? 'idle' : 'error', progress: null, failure })
    }
  }

  async function changeDevice(mine: number): Promise<void> {
    try {
      await services.changeDevice(preference)
    } catch (thrown) {
      const failure = failureOf(thrown)
      if (isCurrent(mine) && failure.kind !== 'cancelled') {
        store.getState().notify({ tone: 'problem', failure, text: failure.message })
      }
    }
  }

  const unsubscribe = store.subscribe(({ model }, { model: former }) => {
    if (model.cancelled && !former.cancelled) services.cancel()
    if (model.attempt === attempt) return
    attempt = model.attempt
    const isOtherDevice = model.devicePreference !== preference
    preference = model.devicePreference
    if (model.status === 'ready' && isOtherDevice) void changeDevice(attempt)
    else void open(attempt)
  })
  void open(attempt)

  return {
    update: (info, deviceNote) => write({ info, deviceNote }),
    disconnect: () => {
      connected = false
      unsubscribe()
    },
  }
}
