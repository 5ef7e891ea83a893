import { BUILT_IN } from '../../core/modelSource'
import type { ModelState } from '../appState'
import { adoptModel } from '../session/sessionModel'
import type { AppStore } from '../storeTypes'
import type { SlotOwner } from './modelSlot'
import { showOffered, switchedTo } from './modelSwitch'

/**
 * Returns what the session makes of its own model. One that replaces another takes over what both understand; if a
 * model that was asked for before the page's own was ready fails, the page's own opens.
 */
export function ownModel(store: AppStore): SlotOwner {
  const read = () => store.getState().model
  const write = (changes: Partial<ModelState>) =>
    store.setState(({ model }) => ({ model: { ...model, ...changes } }))
  return {
    read,
    write,
    preference: () => read().devicePreference,
    show: (slot, replaces) => {
      const { info, vocabulary } = slot
      const state = store.getState()
      const model: ModelState = { ...state.model, ...slot }
      if (replaces) {
        const { said, ...changes } = switchedTo(state, info, vocabulary)
        store.setState({ ...changes, model })
        if (said) state.notify({ tone: 'info', text: said })
      } else {
        const { session, notice, offer } = adoptModel(state.session, info)
        if (notice) state.notify(notice)
        store.setState({ session, model: { ...model, offer: offer ?? model.offer } })
      }
      showOffered(store, info)
    },
    refused: (request, failure) => {
      const stopped = failure.kind === 'cancelled'
      return request.kind === 'built-in' || stopped
        ? { changes: { status: stopped ? 'idle' : 'error', failure } }
        : { changes: { refused: { request, failure } }, instead: BUILT_IN }
    },
    lost: (failure) => ({ status: 'error', failure }),
    notify: (notice) => store.getState().notify(notice),
  }
}
