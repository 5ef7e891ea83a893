import type { Actions, AppState, ModelState } from './appState'
import type { Slice } from './storeTypes'

export type ModelSlice = Pick<AppState, 'model' | 'vocabulary' | 'shippedInfo'> &
  Pick<Actions, 'setDevicePreference' | 'retryModel' | 'cancelModel'>

const CLOSED: ModelState = {
  status: 'idle',
  progress: null,
  info: null,
  failure: null,
  devicePreference: 'auto',
  deviceNote: null,
  attempt: 0,
  cancelled: false,
}

/** Only says what the user wants of the model; `connectModel` opens it. */
export const createModelSlice: Slice<ModelSlice> = (set) => {
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
      set(({ model }) => (model.status === 'loading' ? { model: { ...model, cancelled: true } } : {})),
  }
}
