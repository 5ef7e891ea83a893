import { BUILT_IN } from '../../core/modelSource'
import type { Actions, AppState } from '../appState'
import { comparedModel } from '../compare/comparedModel'
import { OWN } from '../side/side'
import type { Slice } from '../storeTypes'
import { createModelOpener, EMPTY_SLOT, type ModelService } from './modelSlot'
import { ownModel } from './ownModel'

export type ModelSlice = Pick<AppState, 'model' | 'shippedInfo'> &
  Pick<
    Actions,
    | 'setDevicePreference'
    | 'startModel'
    | 'retryModel'
    | 'openModel'
    | 'cancelModel'
    | 'closeModel'
    | 'dismissOffer'
  >

/** Creates the slots of the models. @param services opens the models of each side; absent for a side that opens none */
export const createModelSlice =
  (services: readonly ModelService[]): Slice<ModelSlice> =>
  (set, get, store) => {
    const openers = [ownModel(store), comparedModel(store)].map((owner, side) =>
      createModelOpener(services[side] ?? null, owner),
    )
    const [own] = openers

    /** Tells whether a run over a corpus needs the open model, and says so. */
    function isTaken(): boolean {
      const { corpus, notify } = get()
      if (corpus.progress?.status !== 'running') return false
      notify({
        tone: 'problem',
        text: 'A run over a corpus is using the model that is open. Pause or cancel it, then open another one.',
      })
      return true
    }

    return {
      model: { ...EMPTY_SLOT, request: BUILT_IN, devicePreference: 'auto', offer: null },
      shippedInfo: null,
      setDevicePreference: (devicePreference) => {
        if (get().model.devicePreference === devicePreference) return
        set(({ model }) => ({ model: { ...model, devicePreference } }))
        for (const opener of openers) opener.changeDevice()
      },
      startModel: (findSaved) => {
        get().retryModel()
        const { offer } = get().model
        if (!offer || !findSaved) return
        void own.openFound(async () => {
          const request = await findSaved(offer.session.model.id)
          return request && get().model.offer === offer && !isTaken() ? request : null
        })
      },
      retryModel: () => own.open(get().model.request ?? BUILT_IN),
      openModel: (request, side = OWN) => {
        if (side !== OWN || !isTaken()) openers[side].open(request)
      },
      cancelModel: (side = OWN) => openers[side].stop(),
      closeModel: (side) => openers[side].close(),
      dismissOffer: () => set(({ model }) => ({ model: { ...model, offer: null } })),
    }
  }
