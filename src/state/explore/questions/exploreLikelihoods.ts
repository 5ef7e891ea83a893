import { substitutionsKey } from '../../../core/measures/substitution'
import type { AppState } from '../../appState'
import { idsOf, isOfChange, type TextLikelihoods } from '../../results'
import { activeSubstitutions } from '../../side/activeSubstitutions'
import { OWN, withSide } from '../../side/side'
import { modelInfo } from '../../side/sideModel'
import { currentTokens } from '../../side/sideTokens'
import { languageModelHead } from '../predictionPlaces'
import { createTextLikelihoodsStep, type LikelihoodChange } from '../textLikelihoods'
import type { Step } from './exploreComparison'
import { answering, type ExploreContext } from './exploreContext'
import { readable } from './exploreReadings'

function likelihoodChange(state: AppState, side: number): LikelihoodChange | null {
  const head = languageModelHead(state, side)
  const found = readable(state, side)
  if (!head || !found) return null
  const { tokenized, active } = found
  const ids = idsOf(tokenized)
  const info = modelInfo(state, side)
  const key = `${info?.provenance.sha256}|${ids.join(',')}|${substitutionsKey(active)}`
  return { key, head, maskId: info?.details?.maskId, tokenized, ids, active }
}

/** Names the change whose likelihoods can be measured; null if there is none. */
export function likelihoodsKey(state: AppState, side = OWN): string | null {
  return likelihoodChange(state, side)?.key ?? null
}

/** Returns the likelihoods of exactly the present substitutions, as far as they are measured. */
export function activeLikelihoods(state: AppState, side = OWN): TextLikelihoods | null {
  const { value } = state.sides[side].likelihoods
  const present = value && isOfChange(value, currentTokens(state, side), activeSubstitutions(state, side))
  return present ? value : null
}

/** Measures how well a side's model expects its text, for its panel or for a comparison. */
export function createLikelihoodsStep(context: ExploreContext, onSettled: () => void): Step {
  const { store, side } = context
  const read = () => store.getState().sides[side]
  return createTextLikelihoodsStep(
    {
      generation: () => context.generation,
      answering: () => answering(context),
      isWanted: () => {
        const { wanted, tokenized } = read()
        const isOpen = Object.keys(wanted.likelihoods).length > 0
        return isOpen && tokenized.status !== 'idle' && languageModelHead(store.getState(), side) !== null
      },
      change: () => likelihoodChange(store.getState(), side),
      isAsked: (key) => Object.values(read().wanted.likelihoods).includes(key),
      read: () => read().likelihoods,
      write: (likelihoods) => store.setState((state) => withSide(state, side, { likelihoods })),
    },
    onSettled,
  )
}
