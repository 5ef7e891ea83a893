import type { ModelRequest } from '../../core/modelSource'
import type { FindSaved, ModelSlot, SlotOwner } from '../model/modelSlot'
import { step } from '../session/history'
import { withSecondModel } from '../session/sessionEdits'
import { OTHER } from '../side/side'
import type { AppStore } from '../storeTypes'

/** Returns what a comparison makes of its model: a new one is one step of undo, one that was lost can be opened again. */
export function comparedModel(store: AppStore): SlotOwner {
  const read = () => store.getState().compare.model
  const write = (changes: Partial<ModelSlot>) =>
    store.setState(({ compare }) => ({ compare: { ...compare, model: { ...compare.model, ...changes } } }))
  return {
    read,
    write,
    preference: () => store.getState().model.devicePreference,
    show: (slot) => {
      const { info } = slot
      const { session, history, compare: former, notify } = store.getState()
      const compare = { ...former, model: slot }
      const named = { id: info.id, sha256: info.provenance.sha256 }
      const made = session.comparison?.model
      if (made?.id !== info.id) {
        store.setState({ ...step({ session, history }, (before) => withSecondModel(before, named)), compare })
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
      const adopted = session.comparison && {
        ...session,
        comparison: { ...session.comparison, model: named },
      }
      store.setState({ session: same || !adopted ? session : adopted, compare })
    },
    refused: (request, failure) => ({ changes: { status: 'idle', refused: { request, failure } } }),
    lost: () => null,
    notify: (notice) => store.getState().notify(notice),
  }
}

/**
 * Keeps the second model open while the session compares with it. One that was opened before reopens by itself: after
 * undo and redo, for instance, or after a reload if all of it is saved on this machine and the first one is open. Any
 * other waits for the user.
 *
 * @param findSaved absent if the session came with a link
 * @returns a function that disconnects
 */
export function connectComparedModel(store: AppStore, findSaved?: FindSaved): () => void {
  let connected = true
  let looked: string | null = null
  /** Request that opens a model again, by id; null if it is not saved. */
  const known = new Map<string, ModelRequest | null>()

  /** Writes that a model may reopen by itself, or not; this calls `follow` again. */
  const setReturning = (returning: boolean) =>
    store.setState(({ compare }) => ({ compare: { ...compare, returning } }))

  /** Reopens a model of an earlier visit if it is saved: looked up once, when the first one is open. */
  function bringBack(id: string): void {
    const { model, compare } = store.getState()
    const possible = findSaved !== undefined && !known.has(id) && model.offer === null
    const returning = possible && (model.status === 'loading' || model.status === 'ready')
    if (returning !== compare.returning) {
      setReturning(returning)
    } else if (returning && model.status === 'ready' && looked !== id) {
      looked = id
      void findSaved?.(id).then(answer, () => answer(null))
    }
    function answer(request: ModelRequest | null) {
      if (!connected) return
      if (!known.has(id)) known.set(id, request)
      follow()
    }
  }

  /** Opens the model that the session compares with, if a request for it is known; closes any other. */
  function follow(): void {
    const { session, compare, openModel, closeModel } = store.getState()
    const wanted = session.comparison?.model ?? null
    const { info, opening, refused } = compare.model
    if (info && info.id !== wanted?.id) {
      // This calls `follow` again.
      closeModel(OTHER)
      return
    }
    const settled = !wanted || opening || refused || info
    const request = settled ? null : known.get(wanted.id)
    if ((settled || request) && compare.returning) setReturning(false)
    else if (request) openModel(request, OTHER)
    else if (!settled) bringBack(wanted.id)
  }

  const unsubscribe = store.subscribe((state, former) => {
    const { model } = state.compare
    if (model.opened !== former.compare.model.opened && model.info) known.set(model.info.id, model.request)
    const first = state.model.status !== former.model.status || state.model.offer !== former.model.offer
    if (first || state.session.comparison !== former.session.comparison || state.compare !== former.compare)
      follow()
  })

  follow()

  return () => {
    connected = false
    unsubscribe()
  }
}
