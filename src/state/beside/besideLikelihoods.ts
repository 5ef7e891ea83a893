import { alignedBlocks } from '../../core/besideAlignment'
import { type BesideLikelihoodRow, besideLikelihoodRows } from '../../core/besideLikelihood'
import { substitutionsKey } from '../../core/substitution'
import type { AppState } from '../appState'
import { currentTokens } from '../explore/activeSubstitutions'
import type { Step } from '../explore/exploreComparison'
import { activeLikelihoods } from '../explore/exploreLikelihoods'
import { createTextLikelihoodsStep, type LikelihoodChange } from '../explore/textLikelihoods'
import { memoize } from '../memoize'
import type { TextLikelihoods } from '../results'
import { idsOf, isOfChange } from '../results'
import { besideAlignment, besideInfo, besideSubstitutions, besideTokens } from './besideChange'
import { type BesideContext, besideHead, besideReadable } from './besideLanguage'

function likelihoodChange(state: AppState): LikelihoodChange | null {
  const head = besideHead(state)
  const found = besideReadable(state)
  const tokenized = besideTokens(state)
  if (!head || !found || !tokenized) return null
  const info = besideInfo(state)
  const { active } = found
  const ids = idsOf(tokenized)
  const key = `${info?.provenance.sha256}|${ids.join(',')}|${substitutionsKey(active)}`
  return { key, head, maskId: info?.details?.maskId, tokenized, ids, active }
}

/** Names the second side's change whose likelihoods can be measured; null where there is none. */
export function besideLikelihoodsKey(state: AppState): string | null {
  return likelihoodChange(state)?.key ?? null
}

/** The second side's likelihoods of exactly what is substituted now, as far as they have come. */
export function besideLikelihoods(state: AppState): TextLikelihoods | null {
  const { value } = state.beside.likelihoods
  return value && isOfChange(value, besideTokens(state), besideSubstitutions(state)) ? value : null
}

const NO_ROWS: readonly BesideLikelihoodRow[] = []

/** Both sides' likelihoods of what stands opposite each other, as far as they have come. */
export const besideLikelihoodTable = memoize(
  (state: AppState) => [besideAlignment(state), activeLikelihoods(state), besideLikelihoods(state)],
  (state): readonly BesideLikelihoodRow[] => {
    const alignment = besideAlignment(state)
    const [first, second] = [currentTokens(state), besideTokens(state)]
    if (!alignment || !first || !second) return NO_ROWS
    const blocks = alignedBlocks(alignment, first.tokens, second.tokens)
    return besideLikelihoodRows(blocks, activeLikelihoods(state), besideLikelihoods(state))
  },
)

/** How well the second side's model expects its text, while both are looked at. */
export function createBesideLikelihoodsStep(context: BesideContext, onSettled: () => void): Step {
  const { store } = context
  const read = store.getState
  return createTextLikelihoodsStep(
    {
      generation: () => context.generation,
      answering: context.answering,
      isWanted: () => read().beside.wantedLikelihoods !== null && besideHead(read()) !== null,
      change: () => likelihoodChange(read()),
      isAsked: (key) => key === read().beside.wantedLikelihoods?.second,
      read: () => read().beside.likelihoods,
      write: (likelihoods) => store.setState(({ beside }) => ({ beside: { ...beside, likelihoods } })),
    },
    onSettled,
  )
}
