import type { LoadProgress, ModelInfo } from '../../core/explorer'
import { type Failure, fail, failureOf } from '../../core/failure'
import { BUILT_IN, type ModelRequest } from '../../core/modelSource'
import type { DevicePreference, ModelState } from '../appState'
import { adoptModel } from '../session/sessionModel'
import type { AppStore } from '../storeTypes'
import { showOffered, switchedTo } from './modelSwitch'

export interface OpenedModel {
  readonly info: ModelInfo
  readonly vocabulary: readonly string[]
  readonly deviceNote?: string | null
  /** Makes this model answer from now on, and disposes of the former one. */
  readonly use?: () => void
  /** Disposes of a model that nobody wants any more. */
  readonly discard?: () => void
}

export interface ModelServices {
  /** Opens the model; rejects with `cancelled` after `cancel`. One that was open answers until `use` is called. */
  open(
    preference: DevicePreference,
    onProgress: (progress: LoadProgress) => void,
    request: ModelRequest,
  ): Promise<OpenedModel>
  /** Changes the device of the open model, which answers until then. */
  changeDevice(preference: DevicePreference): Promise<void>
  cancel(): void
  /**
   * Returns the request that opens the model of this id from this machine alone; null if that is impossible. Absent if
   * the session came with a link: nothing opens that nobody asked for.
   */
  kept?(id: string): Promise<ModelRequest | null>
}

export interface ModelConnection {
  /**
   * Records that the open model has changed: another device, or the same one started again.
   *
   * @param lost reason of the restart
   */
  update(info: ModelInfo, deviceNote: string | null, lost?: Failure): void
  /** Records that the open model is lost: nothing answers until the user opens it again. */
  lose(failure: Failure): void
  disconnect(): void
}

/**
 * Opens the model at once and again when the user asks, and updates `state.model`. A model that replaces another one
 * does so only when it is ready; if it fails, the other one stays. The model that measured the session of an earlier
 * visit reopens by itself if all of it is saved on this machine.
 */
export function connectModel(store: AppStore, services: ModelServices): ModelConnection {
  let attempt = store.getState().model.attempt
  let preference = store.getState().model.devicePreference
  /** Number of openings for the present request; a change of device leaves it as it is. */
  let opens = 0
  let connected = true

  const write = (changes: Partial<ModelState>) =>
    store.setState(({ model }) => ({ model: { ...model, ...changes } }))

  async function open(): Promise<void> {
    const mine = ++opens
    const isCurrent = () => connected && mine === opens
    const { request, status } = store.getState().model
    const first = status !== 'ready'
    write(
      first
        ? { status: 'loading', progress: null, failure: null, cancelled: false }
        : { opening: request, progress: null, refused: null, cancelled: false },
    )
    try {
      const opened = await services.open(
        preference,
        (progress) => {
          if (isCurrent()) write({ progress })
        },
        request,
      )
      // Stopped between the weights and the vocabulary, for instance.
      const { cancelled } = store.getState().model
      if (isCurrent() && !cancelled) show(opened, first)
      else {
        opened.discard?.()
        if (cancelled) fail('cancelled', 'Stopped.')
      }
    } catch (thrown) {
      if (!isCurrent()) return
      const failure = failureOf(thrown)
      if (first) failFirst(request, failure)
      else write({ opening: null, progress: null, cancelled: false, refused: { request, failure } })
    }
  }

  function show({ info, vocabulary, deviceNote = null, use }: OpenedModel, first: boolean): void {
    use?.()
    const state = store.getState()
    const model: ModelState = {
      ...state.model,
      status: 'ready',
      progress: null,
      info,
      opening: null,
      refused: first ? state.model.refused : null,
      cancelled: false,
      opened: state.model.opened + 1,
      deviceNote: deviceNote ?? (first ? state.model.deviceNote : null),
    }
    if (first) {
      const { session, notice, offer } = adoptModel(state.session, info)
      if (notice) state.notify(notice)
      store.setState({ vocabulary, session, model: { ...model, offer: offer ?? model.offer } })
    } else {
      const { said, ...changes } = switchedTo(state, info, vocabulary)
      store.setState({ ...changes, vocabulary, model })
      if (said) state.notify({ tone: 'info', text: said })
    }
    showOffered(store, info)
  }

  /**
   * Handles a failure while no model is open: if another model was requested before the page's own was ready, the
   * page's own opens now.
   */
  function failFirst(request: ModelRequest, failure: Failure): void {
    if (request.kind === 'built-in' || failure.kind === 'cancelled') {
      write({ status: failure.kind === 'cancelled' ? 'idle' : 'error', progress: null, failure })
      return
    }
    write({ request: BUILT_IN, refused: { request, failure } })
    void open()
  }

  async function bringBack(): Promise<void> {
    const { offer } = store.getState().model
    if (!offer || !services.kept) return
    const asked = attempt
    const request = await services.kept(offer.session.model.id).catch(() => null)
    if (request && connected && asked === attempt && store.getState().model.offer === offer) {
      store.getState().openModel(request)
    }
  }

  async function changeDevice(mine: number): Promise<void> {
    try {
      await services.changeDevice(preference)
    } catch (thrown) {
      const failure = failureOf(thrown)
      if (connected && mine === attempt && failure.kind !== 'cancelled') {
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
    else void open()
  })
  void open()
  void bringBack()

  return {
    update: (info, deviceNote, lost) => {
      write({ info, deviceNote })
      if (lost) store.getState().notify({ tone: 'info', text: lost.message, failure: lost })
    },
    lose: (failure) => write({ status: 'error', progress: null, failure }),
    disconnect: () => {
      connected = false
      unsubscribe()
    },
  }
}
