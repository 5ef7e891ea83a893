import { type PredictionPair, topIds } from '../../core/comparison/predictionPairs'
import { substitutionsKey } from '../../core/measures/substitution'
import type { TokenPrediction } from '../../core/measures/tokenPrediction'
import type { AppState } from '../appState'
import { activeChange } from '../explore/comparisonSelectors'
import { predictionPlace } from '../explore/predictionPlaces'
import {
  answering,
  createExploreContext,
  type ExploreServices,
  partsOfExplore,
} from '../explore/questions/exploreContext'
import { activeTokenPrediction } from '../explore/questions/explorePrediction'
import { memoizeSides } from '../memoize'
import { createQuery } from '../query'
import { idle } from '../resource'
import { idsOf, isOfChange, type PredictedChange } from '../results'
import { activeSubstitutions } from '../side/activeSubstitutions'
import { OTHER, OWN } from '../side/side'
import { currentTokens } from '../side/sideTokens'
import type { AppStore } from '../storeTypes'
import { subscribeTo } from '../subscribeTo'
import { untilSettled } from '../untilSettled'
import { entryPairs } from './entryPairs'

const knownIds = ({ before, after, also }: TokenPrediction) =>
  new Set([...before, ...after, ...also].map(({ tokenId }) => tokenId))

/** Returns the tokens that only another side lists, in the session's own vocabulary; null while either is not known. */
function missingTokens(state: AppState, side: number): readonly number[] | null {
  const [first, second] = [activeTokenPrediction(state), activeTokenPrediction(state, side)]
  const pairs = entryPairs(state, side)
  if (!first || !second || !pairs) return null
  const known = knownIds(first)
  return topIds(second).flatMap((id) => {
    const own = pairs.toFirst(id)
    return own === null || known.has(own) ? [] : own
  })
}

/**
 * Asks the session's own side about the tokens that only the other one lists.
 *
 * @returns a function that disconnects
 */
export function connectCounterTokens(store: AppStore, live: ExploreServices['live']): () => void {
  const context = createExploreContext(store, { live, shipped: null }, OWN)
  const look = () => {
    context.refresh()
    const state = store.getState()
    const also = missingTokens(state, OTHER)
    const change = activeChange(state)
    const first = activeTokenPrediction(state)
    if (!also || also.length === 0 || !change || !first) {
      query.show(idle())
      return
    }
    const { tokenized, measurement } = change
    const { substitutions } = measurement
    const { position } = first
    const inputIds = idsOf(tokenized)
    const request = { inputIds, substitutions, position, k: 1, also }
    query.ask({
      key: JSON.stringify([inputIds, substitutionsKey(substitutions), position, also]),
      generation: context.generation,
      ask: async () => ({
        tokenized,
        substitutions,
        prediction: await answering(context).predictTokens(request, {
          priority: 'soon',
          lane: 'counter-tokens',
        }),
      }),
    })
  }
  const update = untilSettled(look)
  const query = createQuery<PredictedChange>(
    () => store.getState().compare.counterTokens,
    (counterTokens) => store.setState(({ compare }) => ({ compare: { ...compare, counterTokens } })),
    update,
  )
  const unsubscribe = subscribeTo(store, partsOfExplore, update)
  update()
  return () => {
    unsubscribe()
    query.stop()
  }
}

/** Returns the own side's answer about those tokens, at the place shown now; null while it is not known. */
function counterTokens(state: AppState): TokenPrediction | null {
  const { value } = state.compare.counterTokens
  const present =
    value?.prediction.position === activeTokenPrediction(state)?.position &&
    value &&
    isOfChange(value, currentTokens(state), activeSubstitutions(state))
  return present ? value.prediction : null
}

/** Says whether the session's own side has no answer here, or failed to give one. */
const isNoneComing = (state: AppState) =>
  predictionPlace(state) === null || state.sides[OWN].prediction.status === 'error'

/**
 * Returns both sides' distributions for the present substitutions and place, each with the tokens that the other one
 * lists; null while they are being computed.
 */
export const comparedPredictions = memoizeSides(
  (state: AppState, side) => [
    activeTokenPrediction(state),
    activeTokenPrediction(state, side),
    counterTokens(state),
    entryPairs(state, side),
    isNoneComing(state),
  ],
  (state, side): PredictionPair | null => {
    const [first, second] = [activeTokenPrediction(state), activeTokenPrediction(state, side)]
    const pairs = entryPairs(state, side)
    if (!second || !pairs) return null
    if (!first) return isNoneComing(state) ? { first: null, second } : null
    const known = knownIds(second)
    const isAnswered = topIds(first).every((id) => {
      const other = pairs.toSecond(id)
      return other === null || known.has(other)
    })
    const missing = missingTokens(state, side) ?? []
    const also = missing.length > 0 ? counterTokens(state)?.also : []
    const has = new Set(also?.map(({ tokenId }) => tokenId))
    if (!isAnswered || !also || !missing.every((id) => has.has(id))) return null
    return { first: { ...first, also: [...first.also, ...also] }, second }
  },
)
