import { topIds } from '../../core/besidePrediction'
import { substitutionsKey } from '../../core/substitution'
import type { TokenPrediction } from '../../core/tokenPrediction'
import { activeSubstitutions, inputIds as firstIds } from '../explore/activeSubstitutions'
import type { Step } from '../explore/exploreComparison'
import { activeTokenPrediction, TOP } from '../explore/explorePrediction'
import { predictionPlace } from '../explore/predictionPlaces'
import { createQuery } from '../query'
import { idle } from '../resource'
import type { ShownBesidePrediction } from '../results'
import { idsOf } from '../results'
import {
  type BesideContext,
  besideOwnTokens,
  besidePairs,
  besidePlace,
  besideReadable,
} from './besideLanguage'

const OPTIONS = { priority: 'soon', lane: 'beside-prediction' } as const

/**
 * Of a second language model: the distribution opposite the first one's, once both sides are measured. Each side is also
 * asked for the tokens that the other one lists, where its vocabulary has them.
 */
export function createBesidePredictionStep(context: BesideContext, onSettled: () => void): Step {
  const { store } = context
  const query = createQuery<ShownBesidePrediction>(
    () => store.getState().beside.prediction,
    (prediction) => store.setState(({ beside }) => ({ beside: { ...beside, prediction } })),
    onSettled,
  )

  /** Of tokens that the first side was not asked for. */
  const askFirst = async (first: TokenPrediction, also: readonly number[]) => {
    const state = store.getState()
    const inputIds = firstIds(state)
    const substitutions = activeSubstitutions(state)
    if (also.length === 0 || !inputIds || !substitutions) return []
    const { position } = first
    const request = { inputIds, substitutions, position, k: 1, also }
    return (await context.answeringFirst().predictTokens(request, OPTIONS)).also
  }

  return {
    get pending() {
      return query.pending
    },
    update: () => {
      const state = store.getState()
      const place = besidePlace(state)
      const pairs = besidePairs(state)
      if (!place || !pairs) {
        query.show(idle())
        return
      }
      const found = besideReadable(state)
      const first = activeTokenPrediction(state)
      const isComing = !first && predictionPlace(state) !== null && state.prediction.status !== 'error'
      if (!found || isComing) return
      const { tokenized, active: substitutions } = found
      const inputIds = idsOf(tokenized)
      const { position } = place
      const ofFirst = first && [
        state.model.opened,
        firstIds(state),
        activeSubstitutions(state),
        first.position,
      ]
      query.ask({
        key: JSON.stringify([inputIds, substitutionsKey(substitutions), position, ofFirst]),
        generation: context.generation,
        ask: async () => {
          const own = besideOwnTokens(state).map(({ tokenId }) => tokenId)
          const opposite = first ? topIds(first).flatMap((id) => pairs.toSecond(id) ?? []) : []
          const also = [...new Set([...own, ...opposite])]
          const request = { inputIds, substitutions, position, k: TOP, also }
          const prediction = await context.answering().predictTokens(request, OPTIONS)
          if (!first) return { tokenized, substitutions, prediction, first }
          const known = new Set([...topIds(first), ...first.also.map(({ tokenId }) => tokenId)])
          const listed = topIds(prediction).flatMap((id) => pairs.toFirst(id) ?? [])
          const missing = listed.filter((id) => !known.has(id))
          return {
            tokenized,
            substitutions,
            prediction,
            first: { prediction: first, also: await askFirst(first, missing) },
          }
        },
      })
    },
    retry: () => query.retry(),
    stop: () => query.stop(),
  }
}
