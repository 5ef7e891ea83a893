import type { AppState } from '../appState'
import { idle } from '../resource'
import { step } from '../session/history'
import { withoutBeside, withTextBeside } from '../session/sessionEdits'
import type { Slice } from '../storeTypes'
import type { CompareActions, CompareState, SecondModelState } from './compareState'

export type CompareSlice = Pick<AppState, 'compare'> &
  Omit<CompareActions, 'editSecondText' | 'setOwnNearest'>

const CLOSED: SecondModelState = {
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

/** Records what the user compares with; `connectSecondModel` opens models, `connectExplorer` asks them. */
export const createCompareSlice: Slice<CompareSlice> = (set) => {
  const cancelled = (model: SecondModelState): SecondModelState =>
    model.opening ? { ...model, cancelled: true } : model
  const given = (model: SecondModelState): SecondModelState => ({
    ...cancelled(model),
    request: null,
    refused: null,
  })
  const change = (next: (compare: CompareState) => Partial<CompareState>) =>
    set(({ compare }) => ({ compare: { ...compare, ...next(compare) } }))
  return {
    compare: { choosing: false, model: CLOSED, counterTokens: idle() },
    chooseComparison: (choosing) => change(() => ({ choosing })),
    openSecondModel: (request) =>
      change(({ model }) => ({
        choosing: false,
        model: { ...model, request, refused: null, cancelled: false, attempt: model.attempt + 1 },
      })),
    cancelSecondModel: () => change(({ model }) => ({ model: cancelled(model) })),
    compareTexts: () =>
      set(({ session, history, compare }) => ({
        ...step({ session, history }, (former) => withTextBeside(withoutBeside(former), former.text)),
        compare: { ...compare, choosing: false, model: given(compare.model) },
      })),
    closeComparison: () =>
      set(({ session, history, compare }) => ({
        ...step({ session, history }, withoutBeside),
        compare: { ...compare, choosing: false, model: given(compare.model) },
      })),
  }
}
