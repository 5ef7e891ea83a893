import { substitutionsKey } from '../../core/substitution'
import type { AppState } from '../appState'
import { idsOf, isOfChange, type TextLikelihoods } from '../results'
import { activeSubstitutions, currentTokens } from './activeSubstitutions'
import { modelInfo } from './comparisonSelectors'
import type { Step } from './exploreComparison'
import { answering, type ExploreContext } from './exploreContext'
import { readable } from './exploreReadings'
import { languageModelHead } from './predictionPlaces'
import { createTextLikelihoodsStep, type LikelihoodChange } from './textLikelihoods'

function likelihoodChange(state: AppState): LikelihoodChange | null {
  const head = languageModelHead(state)
  const found = readable(state)
  const tokenized = currentTokens(state)
  if (!head || !found || !tokenized) return null
  const { active } = found
  const ids = idsOf(tokenized)
  const info = modelInfo(state)
  const key = `${info?.provenance.sha256}|${ids.join(',')}|${substitutionsKey(active)}`
  return { key, head, maskId: info?.details?.maskId, tokenized, ids, active }
}

/** Names the change whose likelihoods can be measured; null where there is none. */
export function likelihoodsKey(state: AppState): string | null {
  return likelihoodChange(state)?.key ?? null
}

/** The likelihoods of exactly what is substituted now, as far as they have come. */
export function activeLikelihoods(state: AppState): TextLikelihoods | null {
  const { value } = state.likelihoods
  return value && isOfChange(value, currentTokens(state), activeSubstitutions(state)) ? value : null
}

/** How well the session's own model expects its text; wanted by its panel or by the comparison with a second side. */
export function createLikelihoodsStep(context: ExploreContext, onSettled: () => void): Step {
  const { store } = context
  const read = store.getState
  return createTextLikelihoodsStep(
    {
      generation: () => context.generation,
      answering: () => answering(context),
      isWanted: () => {
        const { wanted, beside, tokenized } = read()
        const isOpen = wanted.likelihoods !== null || beside.wantedLikelihoods !== null
        return isOpen && tokenized.status !== 'idle' && languageModelHead(read()) !== null
      },
      change: () => likelihoodChange(read()),
      isAsked: (key) => key === read().wanted.likelihoods || key === read().beside.wantedLikelihoods?.first,
      read: () => read().likelihoods,
      write: (likelihoods) => store.setState({ likelihoods }),
    },
    onSettled,
  )
}
