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
  /** From now on this model answers, and the former one is given back. */
  readonly use?: () => void
  /** Nobody wants it any more. */
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
   * How the model of this id opens again from this machine alone; null where it cannot. Absent where the session came
   * with a link: nothing opens that nobody asked for.
   */
  kept?(id: string): Promise<ModelRequest | null>
}

export interface ModelConnection {
  /**
   * The model that answers has changed: another device, or the same one started again.
   *
   * @param lost why it had to be
   */
  update(info: ModelInfo, deviceNote: string | null, lost?: Failure): void
  /** The open model is gone: nothing answers until the user opens it again. */
  lose(failure: Failure): void
  disconnect(): void
}

/**
 * Opens the model at once and again when the user asks, and keeps `state.model` in step. A model that opens in the place
 * of another one takes it only when it is ready; where it fails, the other one stays. What a session of an earlier visit
 * was measured with comes back by itself where all of it is kept on this machine.
 */
export function connectModel(store: AppStore, services: ModelServices): ModelConnection {
  let attempt = store.getState().model.attempt
  let preference = store.getState().model.devicePreference
  /** Of the present request; a change of device leaves it as it is. */
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

  /** Nothing is open yet: where another model was asked for before the page's own was there, that one opens now. */
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
