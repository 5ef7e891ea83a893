import type { Comparison } from '../../core/session/session'
import type { AppState } from '../appState'
import type { ModelSlot } from '../model/modelSlot'
import { OWN } from './side'

/** Returns what a side is compared by; null for the session's own side, and while nothing is compared. */
export function comparisonOf({ session }: Pick<AppState, 'session'>, side = OWN): Comparison | null {
  return side === OWN ? null : session.comparison
}

/** Returns the slot of the model that is opened for a side. A second text is read by the session's own model. */
export function slotOf({ model, compare }: Pick<AppState, 'model' | 'compare'>, side = OWN): ModelSlot {
  return side === OWN ? model : compare.model
}

/** Returns the slot of the model that answers for a side. */
export function answeringSlot(state: AppState, side = OWN): ModelSlot {
  return slotOf(state, comparisonOf(state, side)?.model ? side : OWN)
}
