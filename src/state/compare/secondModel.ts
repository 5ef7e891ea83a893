import { failureOf } from '../../core/failure'
import type { ModelRequest } from '../../core/modelSource'
import type { DevicePreference } from '../appState'
import type { ModelConnection, ModelServices, OpenedModel } from '../model/modelLoad'
import { step } from '../session/history'
import { withModelBeside } from '../session/sessionEdits'
import type { AppStore } from '../storeTypes'
import type { SecondModelState } from './compareState'

export interface SecondModelServices extends ModelServices {
  /** Disposes of the open model: its worker ends. */
  close(): void
}

const NONE: Partial<SecondModelState> = { info: null, vocabulary: null, deviceNote: null }

/**
 * Opens the second model when the user asks, and keeps it open while the session compares with it. One that was opened
 * before reopens by itself: after undo and redo, for instance, or after a reload if all of it is saved on this machine
 * and the first one is open. Any other waits for the user.
 */
export function connectSecondModel(store: AppStore, services: SecondModelServices): ModelConnection {
  let attempt = store.getState().compare.model.attempt
  let preference: DevicePreference = store.getState().model.devicePreference
  let opens = 0
  let connected = true
  let looked: string | null = null
  /** Request that opens a model again, by id; null if it is not saved. */
  const known = new Map<string, ModelRequest | null>()

  const read = () => store.getState().compare.model
  const write = (changes: Partial<SecondModelState>) =>
    store.setState(({ compare }) => ({ compare: { ...compare, model: { ...compare.model, ...changes } } }))

  async function open(request: ModelRequest): Promise<void> {
    const mine = ++opens
    const isCurrent = () => connected && mine === opens
    write({ opening: request, returning: false, progress: null, refused: null, cancelled: false })
    try {
      const opened = await services.open(
        preference,
        (progress) => {
          if (isCurrent()) write({ progress })
        },
        request,
      )
      if (isCurrent() && !read().cancelled) show(opened, request)
      else {
        opened.discard?.()
        if (isCurrent()) write({ opening: null, progress: null, cancelled: false })
      }
    } catch (thrown) {
      if (!isCurrent()) return
      const failure = failureOf(thrown)
      // If the user closed it while it was loading, no reason is shown.
      const wanted = failure.kind !== 'cancelled' || read().request !== null
      write({
        opening: null,
        progress: null,
        cancelled: false,
        refused: wanted ? { request, failure } : null,
      })
    }
  }

  function show({ info, vocabulary, deviceNote = null, use }: OpenedModel, request: ModelRequest): void {
    use?.()
    known.set(info.id, request)
    const { session, history, compare, notify } = store.getState()
    const named = { id: info.id, sha256: info.provenance.sha256 }
    const made = session.beside?.model
    const model: SecondModelState = {
      ...compare.model,
      info,
      vocabulary,
      deviceNote,
      opened: compare.model.opened + 1,
      opening: null,
      progress: null,
      refused: null,
      cancelled: false,
    }
    if (made?.id !== info.id) {
      const timeline = step({ session, history }, (former) => withModelBeside(former, named))
      store.setState({ ...timeline, compare: { ...compare, model } })
      return
    }
    const same = made.sha256 === named.sha256
    if (!same && made.sha256 !== '') {
      notify({
        tone: 'info',
        text:
          `The comparison was made with another file of ${made.id} (${made.sha256.slice(0, 8)}). What you see is measured with ` +
          `${named.sha256.slice(0, 8)}, so the numbers differ.`,
      })
    }
    const adopted = session.beside && { ...session, beside: { ...session.beside, model: named } }
    store.setState({ session: same || !adopted ? session : adopted, compare: { ...compare, model } })
  }

  async function changeDevice(): Promise<void> {
    try {
      await services.changeDevice(preference)
    } catch (thrown) {
      const failure = failureOf(thrown)
      if (connected && failure.kind !== 'cancelled') {
        store.getState().notify({ tone: 'problem', failure, text: failure.message })
      }
    }
  }

  /** Reopens a model of an earlier visit if it is saved: looked up once, when the first one is open. */
  function bringBack(id: string): void {
    const { model, compare } = store.getState()
    const possible = services.kept !== undefined && !known.has(id) && model.offer === null
    const returning = possible && (model.status === 'loading' || model.status === 'ready')
    if (returning !== compare.model.returning) {
      // This write calls `follow` again.
      write({ returning })
    } else if (returning && model.status === 'ready' && looked !== id) {
      looked = id
      void services.kept?.(id).then(
        (request) => answer(request),
        () => answer(null),
      )
    }
    function answer(request: ModelRequest | null) {
      if (!connected) return
      if (!known.has(id)) known.set(id, request)
      follow()
    }
  }

  /** Opens the model that the session compares with, if a request for it is known; closes any other. */
  function follow(): void {
    const { session, compare } = store.getState()
    const wanted = session.beside?.model ?? null
    const { info, opening, refused } = compare.model
    if (info && info.id !== wanted?.id) {
      services.close()
      // This write calls `follow` again.
      write(NONE)
      return
    }
    if (!wanted || opening || refused || info) return
    const request = known.get(wanted.id)
    if (request) void open(request)
    else bringBack(wanted.id)
  }

  const unsubscribe = store.subscribe((state, former) => {
    const { model } = state.compare
    if (model.cancelled && !former.compare.model.cancelled) services.cancel()
    if (state.model.devicePreference !== preference) {
      preference = state.model.devicePreference
      if (model.info) void changeDevice()
    }
    if (model.attempt !== attempt) {
      attempt = model.attempt
      if (model.request) void open(model.request)
      return
    }
    const first = state.model.status !== former.model.status || state.model.offer !== former.model.offer
    if (first || state.session.beside !== former.session.beside || model !== former.compare.model) follow()
  })

  follow()

  return {
    update: (info, deviceNote, lost) => {
      write({ info, deviceNote })
      if (lost) store.getState().notify({ tone: 'info', text: lost.message, failure: lost })
    },
    lose: (failure) => {
      const request = known.get(read().info?.id ?? '')
      services.close()
      write({ ...NONE, refused: request ? { request, failure } : null })
    },
    disconnect: () => {
      connected = false
      unsubscribe()
    },
  }
}
