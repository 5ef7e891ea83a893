import { topIds } from '../../../core/comparison/predictionPairs'
import { substituteTokens, substitutionsKey } from '../../../core/measures/substitution'
import type { PredictedToken, TokenPrediction } from '../../../core/measures/tokenPrediction'
import type { AppState } from '../../appState'
import { entryPairs } from '../../compare/entryPairs'
import { createQuery } from '../../query'
import { idle } from '../../resource'
import { idsOf, isOfChange, type PredictedChange } from '../../results'
import { activeSubstitutions, tokenSubstitutes } from '../../side/activeSubstitutions'
import { OWN, withSide } from '../../side/side'
import { currentTokens } from '../../side/sideTokens'
import { languageModelHead, type PredictionPlace, predictionPlace } from '../predictionPlaces'
import type { Step } from './exploreComparison'
import { answering, type ExploreContext, optionsOf } from './exploreContext'
import { type Readable, readable } from './exploreReadings'

/** Number of most probable tokens requested for either text. */
export const TOP = 10

/** Returns further tokens to request: the text's own at that place, and those listed as substitutes. */
function alsoAsked(
  state: AppState,
  side: number,
  { tokenized, active }: Readable,
  { position, key }: PredictionPlace,
): number[] {
  const ids = idsOf(tokenized)
  const own = (at: number) => [ids[at], substituteTokens(ids, active)[at]].filter((id) => id !== undefined)
  const causal = languageModelHead(state, side) === 'causal-lm'
  const rows = causal || key !== 'chosen' ? [] : (tokenSubstitutes(state, side)?.rows ?? [])
  const listed = rows.map(({ tokenId }) => tokenId)
  return [...new Set([...own(causal ? position + 1 : position), ...listed, ...listedOpposite(state, side)])]
}

/** Returns the tokens that the session's own side lists and this side's vocabulary has. */
function listedOpposite(state: AppState, side: number): readonly number[] {
  const first = side === OWN ? null : activeTokenPrediction(state)
  const pairs = first && entryPairs(state, side)
  return first && pairs ? topIds(first).flatMap((id) => pairs.toSecond(id) ?? []) : []
}

/** Says whether the own side's answer is about to come: another side is also asked about the tokens that it lists. */
function isFirstComing(state: AppState): boolean {
  const { status } = state.sides[OWN].prediction
  return predictionPlace(state) !== null && activeTokenPrediction(state) === null && status !== 'error'
}

/** Requests a language model's distribution at the place shown, once the distances are there. */
export function createPredictionStep(context: ExploreContext, onSettled: () => void): Step {
  const { store, side } = context
  const query = createQuery<PredictedChange>(
    () => store.getState().sides[side].prediction,
    (prediction) => store.setState((state) => withSide(state, side, { prediction })),
    onSettled,
  )
  return {
    get pending() {
      return query.pending
    },
    update: () => {
      const state = store.getState()
      const { tokenized: read, chosenNeighbors } = state.sides[side]
      const place = predictionPlace(state, side)
      if (!place || read.status === 'idle') {
        query.show(idle())
        return
      }
      const found = readable(state, side)
      if (!found || (side !== OWN && isFirstComing(state))) return
      // Waits for the list of substitutes: one question for all of them.
      const masked = languageModelHead(state, side) === 'masked-lm'
      if (masked && place.key === 'chosen' && chosenNeighbors.status === 'loading') return
      const { tokenized, active: substitutions } = found
      const inputIds = idsOf(tokenized)
      const { position } = place
      const also = alsoAsked(state, side, found, place)
      query.ask({
        key: `${inputIds.join(',')}|${position}|${substitutionsKey(substitutions)}|${also.join(',')}`,
        generation: context.generation,
        ask: async () => ({
          tokenized,
          substitutions,
          prediction: await answering(context).predictTokens(
            { inputIds, substitutions, position, k: TOP, also },
            optionsOf(context, 'prediction'),
          ),
        }),
      })
    },
    retry: () => query.retry(),
    stop: () => query.stop(),
  }
}

/** Returns the distribution for exactly the present substitutions and place; null while it is being computed. */
export function activeTokenPrediction(state: AppState, side = OWN): TokenPrediction | null {
  const { status, value } = state.sides[side].prediction
  if (status !== 'ready' || value?.prediction.position !== predictionPlace(state, side)?.position) return null
  const present = value && isOfChange(value, currentTokens(state, side), activeSubstitutions(state, side))
  return present ? value.prediction : null
}

/**
 * Returns a masked model's probabilities of the tokens listed as substitutes, with the chosen place masked; by token
 * id.
 */
export function substituteChances(
  state: AppState,
  side = OWN,
): ReadonlyMap<number, PredictedToken['after']> | null {
  if (languageModelHead(state, side) !== 'masked-lm') return null
  if (predictionPlace(state, side)?.key !== 'chosen') return null
  const prediction = activeTokenPrediction(state, side)
  return prediction && new Map(prediction.also.map(({ tokenId, after }) => [tokenId, after]))
}
