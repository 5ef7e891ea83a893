import type { AppState } from '../appState'
import { idle } from '../resource'
import { step } from '../session/history'
import { withoutBeside, withTextBeside } from '../session/sessionEdits'
import type { Slice } from '../storeTypes'
import type { BesideActions, BesideModelState, BesideState } from './besideState'

export type BesideSlice = Pick<AppState, 'beside'> & Omit<BesideActions, 'editTextBeside' | 'setOwnNearest'>

const CLOSED: BesideModelState = {
  info: null,
  vocabulary: null,
  deviceNote: null,
  opened: 0,
  returning: false,
  opening: null,
  progress: null,
  refused: null,
  attempt: 0,
  request: null,
  cancelled: false,
}

/** Only says what the user wants beside; `connectBesideModel` opens models, `connectBeside` asks them. */
export const createBesideSlice: Slice<BesideSlice> = (set) => {
  const cancelled = (model: BesideModelState): BesideModelState =>
    model.opening ? { ...model, cancelled: true } : model
  const given = (model: BesideModelState): BesideModelState => ({
    ...cancelled(model),
    request: null,
    refused: null,
  })
  const change = (next: (beside: BesideState) => Partial<BesideState>) =>
    set(({ beside }) => ({ beside: { ...beside, ...next(beside) } }))
  return {
    beside: {
      choosing: false,
      model: CLOSED,
      tokenized: idle(),
      neighbors: idle(),
      measurement: idle(),
      prediction: idle(),
      likelihoods: idle(),
      wantedLikelihoods: null,
    },
    chooseBeside: (choosing) => change(() => ({ choosing })),
    openBeside: (request) =>
      change(({ model }) => ({
        choosing: false,
        model: { ...model, request, refused: null, cancelled: false, attempt: model.attempt + 1 },
      })),
    cancelBeside: () => change(({ model }) => ({ model: cancelled(model) })),
    compareTexts: () =>
      set(({ session, history, beside }) => ({
        ...step({ session, history }, (former) => withTextBeside(withoutBeside(former), former.text)),
        beside: { ...beside, choosing: false, model: given(beside.model) },
      })),
    readBothLikelihoods: (wantedLikelihoods) => change(() => ({ wantedLikelihoods })),
    closeBeside: () =>
      set(({ session, history, beside }) => ({
        ...step({ session, history }, withoutBeside),
        beside: { ...beside, choosing: false, model: given(beside.model) },
      })),
  }
}
