import type { PrioritizedExplorer } from '../../core/explorer'
import { connectExplorer } from '../explore/explore'
import type { ManyVariants } from '../explore/questions/exploreContext'
import { OTHER } from '../side/side'
import { comparisonOf } from '../side/sideInputs'
import type { AppStore } from '../storeTypes'
import { connectCounterTokens } from './counterTokens'

export interface SecondSideServices {
  /** Returns the session's own model, which reads a second text too. */
  first(): PrioritizedExplorer | null
  /** Returns the model that it is compared with. */
  second(): PrioritizedExplorer | null
  /** Returns a model as it measures many changes at once: the session's own, or the one that it is compared with. */
  variants?(ofFirst: boolean): ManyVariants
  /** Pause in typing after which the second text is tokenised, ms. */
  readonly typingPause?: number
}

/**
 * Asks the compared side the same questions as the session's own side, and the own side about the tokens that only the
 * other lists.
 *
 * @returns a function that disconnects
 */
export function connectSecondSide(store: AppStore, services: SecondSideServices): () => void {
  const { first, second, variants, typingPause } = services
  const isFirst = () => !comparisonOf(store.getState(), OTHER)?.model
  const live = () => (isFirst() ? first() : second())
  const disconnects = [
    connectExplorer(
      store,
      { live, ...(variants && { variants: () => variants(isFirst()) }), shipped: null, typingPause },
      OTHER,
    ),
    connectCounterTokens(store, first),
  ]
  return () => {
    for (const disconnect of disconnects) disconnect()
  }
}
