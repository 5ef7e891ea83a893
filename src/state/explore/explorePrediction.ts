import { substituteTokens, substitutionsKey } from '../../core/substitution'
import type { PredictedToken, TokenPrediction } from '../../core/tokenPrediction'
import type { AppState } from '../appState'
import { createQuery } from '../query'
import { idle } from '../resource'
import { idsOf, isOfChange, type PredictedChange } from '../results'
import { activeSubstitutions, currentTokens, tokenSubstitutes } from './activeSubstitutions'
import type { Step } from './exploreComparison'
import { answering, type ExploreContext } from './exploreContext'
import { type Readable, readable } from './exploreReadings'
import { languageModelHead, type PredictionPlace, predictionPlace } from './predictionPlaces'

/** Most probable tokens asked for, of either text. */
export const TOP = 10

/** Also asked for: the tokens that the text itself has there, and those listed as substitutes. */
function alsoAsked(
  state: AppState,
  { tokenized, active }: Readable,
  { position, key }: PredictionPlace,
): number[] {
  const ids = idsOf(tokenized)
  const own = (at: number) => [ids[at], substituteTokens(ids, active)[at]].filter((id) => id !== undefined)
  if (languageModelHead(state) === 'causal-lm') return [...new Set(own(position + 1))]
  const listed = key === 'chosen' ? (tokenSubstitutes(state)?.rows ?? []) : []
  return [...new Set([...own(position), ...listed.map(({ tokenId }) => tokenId)])]
}

/** Of a language model: the distribution at the place that is looked at, once the distances have come. */
export function createPredictionStep(context: ExploreContext, onSettled: () => void): Step {
  const { store } = context
  const query = createQuery<PredictedChange>(
    () => store.getState().prediction,
    (prediction) => store.setState({ prediction }),
    onSettled,
  )
  return {
    get pending() {
      return query.pending
    },
    update: () => {
      const state = store.getState()
      const place = predictionPlace(state)
      if (!place || state.tokenized.status === 'idle') {
        query.show(idle())
        return
      }
      const found = readable(state)
      if (!found) return
      // The list of substitutes is on its way: one question for all of them.
      const masked = languageModelHead(state) === 'masked-lm'
      if (masked && place.key === 'chosen' && state.chosenNeighbors.status === 'loading') return
      const { tokenized, active: substitutions } = found
      const inputIds = idsOf(tokenized)
      const { position } = place
      const also = alsoAsked(state, found, place)
      query.ask({
        key: `${inputIds.join(',')}|${position}|${substitutionsKey(substitutions)}|${also.join(',')}`,
        generation: context.generation,
        ask: async () => ({
          tokenized,
          substitutions,
          prediction: await answering(context).predictTokens(
            { inputIds, substitutions, position, k: TOP, also },
            { priority: 'act', lane: 'prediction' },
          ),
        }),
      })
    },
    retry: () => query.retry(),
    stop: () => query.stop(),
  }
}

/** The distribution of exactly what is substituted and looked at now; null while it is being computed. */
export function activeTokenPrediction(state: AppState): TokenPrediction | null {
  const { status, value } = state.prediction
  if (status !== 'ready' || value?.prediction.position !== predictionPlace(state)?.position) return null
  return value && isOfChange(value, currentTokens(state), activeSubstitutions(state))
    ? value.prediction
    : null
}

/** A masked model's probabilities of the tokens listed as substitutes, the chosen place masked; by token id. */
export function substituteChances(state: AppState): ReadonlyMap<number, PredictedToken['after']> | null {
  if (languageModelHead(state) !== 'masked-lm' || predictionPlace(state)?.key !== 'chosen') return null
  const prediction = activeTokenPrediction(state)
  return prediction && new Map(prediction.also.map(({ tokenId, after }) => [tokenId, after]))
}
