import { BUILT_IN } from '../../core/modelSource'
import type { Actions, AppState, ModelState } from '../appState'
import type { Slice } from '../storeTypes'

export type ModelSlice = Pick<AppState, 'model' | 'vocabulary' | 'shippedInfo'> &
  Pick<Actions, 'setDevicePreference' | 'retryModel' | 'cancelModel' | 'openModel' | 'dismissOffer'>

const CLOSED: ModelState = {
  status: 'idle',
  progress: null,
  info: null,
  failure: null,
  devicePreference: 'auto',
  deviceNote: null,
  attempt: 0,
  cancelled: false,
  request: BUILT_IN,
  opened: 0,
  opening: null,
  refused: null,
  offer: null,
}

/** Records what the user wants of the model; `connectModel` opens it. */
export const createModelSlice: Slice<ModelSlice> = (set, get) => {
  const attempt = (model: ModelState, changes: Partial<ModelState> = {}): ModelState => ({
    ...model,
    ...changes,
    attempt: model.attempt + 1,
    cancelled: false,
  })
  return {
    model: CLOSED,
    vocabulary: null,
    shippedInfo: null,
    setDevicePreference: (devicePreference) =>
      set(({ model }) =>
        model.devicePreference === devicePreference ? {} : { model: attempt(model, { devicePreference }) },
      ),
    retryModel: () => set(({ model }) => ({ model: attempt(model) })),
    cancelModel: () =>
      set(({ model }) =>
        model.status === 'loading' || model.opening ? { model: { ...model, cancelled: true } } : {},
      ),
    openModel: (request) => {
      const { corpus, notify } = get()
      if (corpus.progress?.status === 'running') {
        notify({
          tone: 'problem',
          text: 'A run over a corpus is using the model that is open. Pause or cancel it, then open another one.',
        })
        return
      }
      set(({ model }) => ({
        model: attempt(model, {
          request,
          refused: null,
          ...(model.status === 'ready' && { opening: request }),
        }),
      }))
    },
    dismissOffer: () => set(({ model }) => ({ model: { ...model, offer: null } })),
  }
}
