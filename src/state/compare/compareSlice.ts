import type { AppState } from '../appState'
import { EMPTY_SLOT } from '../model/modelSlot'
import { idle } from '../resource'
import { step } from '../session/history'
import { withoutComparison, withSecondText } from '../session/sessionEdits'
import { OTHER } from '../side/side'
import type { Slice } from '../storeTypes'
import type { CompareActions } from './compareState'

export type CompareSlice = Pick<AppState, 'compare'> &
  Omit<CompareActions, 'editSecondText' | 'setOwnNearest'>

/** Records what the user compares with; `connectComparedModel` keeps its model open, `connectExplorer` asks it. */
export const createCompareSlice: Slice<CompareSlice> = (set, get) => {
  const change = (edit: typeof withoutComparison) => {
    set(({ session, history, compare }) => ({
      ...step({ session, history }, edit),
      compare: { ...compare, choosing: false },
    }))
    get().closeModel(OTHER)
  }
  return {
    compare: { choosing: false, returning: false, model: EMPTY_SLOT, counterTokens: idle() },
    chooseComparison: (choosing) => set(({ compare }) => ({ compare: { ...compare, choosing } })),
    compareTexts: () => change((session) => withSecondText(withoutComparison(session), session.text)),
    closeComparison: () => change(withoutComparison),
  }
}
