import { mostMeasured } from '../../core/measures/flipSearch'
import { sameFilters } from '../../core/measures/neighbor'
import type { Substitution } from '../../core/measures/substitution'
import type { AppState } from '../appState'
import { languageModelHead } from '../explore/predictionPlaces'
import { type FlipSearch, type FlipSettings, sameSequence } from '../results'
import { OWN } from '../side/side'
import { modelInfo } from '../side/sideModel'
import { currentTokens } from '../side/sideTokens'
import { textSubstitutes } from '../side/substitutes'
import { answerKind, maskPlace } from './answerKind'

/**
 * Names what flips: another label comes first (`label`), or the first of independent labels passes one half as well
 * (`independent`); another token comes first after the text (`next-token`) or at its mask (`mask`). Or why nothing does:
 * scores flip no label (`score`), and a model may have no answer to the text (`none`).
 */
export type FlipKind = 'label' | 'independent' | 'next-token' | 'mask' | 'score' | 'none'

export function flipKind(state: AppState, side = OWN): FlipKind {
  const kind = answerKind(state, side)
  if (kind !== 'label') return kind ?? 'none'
  const info = modelInfo(state, side)
  if (info?.details?.prediction === 'sigmoid') return 'independent'
  return info?.labels.length === 1 ? 'none' : 'label'
}

/** Returns the place at which a language model answers; null for classifiers. */
export function flipPlace(state: AppState, side = OWN): number | null {
  if (languageModelHead(state, side) !== 'causal-lm') return maskPlace(state, side)
  return (currentTokens(state, side)?.tokens.length ?? 0) - 1
}

/** Returns the substitutions that a search combines, the nearest of each token first; null while they are not known. */
export function flipCandidates(
  state: AppState,
  side: number,
  neighbors: number,
): readonly Substitution[] | null {
  const tokens = currentTokens(state, side)?.tokens
  const substitutes = textSubstitutes(state, side)
  if (!tokens || !substitutes || !sameFilters(substitutes.filters, state.session.filters)) return null
  const mask = maskPlace(state, side)
  return Array.from({ length: neighbors }, (_, rank) =>
    tokens.flatMap(({ special }, position) => {
      const neighbor = substitutes.byPosition[position]?.[rank]
      return special || !neighbor || position === mask ? [] : [{ position, tokenId: neighbor.tokenId }]
    }),
  ).flat()
}

/** Returns the largest number of forwards of a search; null while its candidates are not known. */
export function mostForwards(state: AppState, side: number, settings: FlipSettings): number | null {
  const candidates = flipCandidates(state, side, settings.neighbors)
  if (!candidates) return null
  const perPosition = new Map<number, number>()
  for (const { position } of candidates) perPosition.set(position, (perPosition.get(position) ?? 0) + 1)
  return mostMeasured([...perPosition.values()], settings)
}

/** Returns the time of so many forwards of a side's text at the measured pace, s; null before any was timed. */
export function secondsFor(state: AppState, side: number, forwards: number): number | null {
  const { pace } = state.sides[side]
  const length = currentTokens(state, side)?.tokens.length
  return pace === null || length === undefined ? null : (forwards * pace * length) / 1000
}

/** Returns the last search, if it is of the present text, place and filters. */
export function flipSearch(state: AppState, side = OWN): FlipSearch | null {
  const { flips } = state.sides[side]
  const present =
    flips &&
    sameSequence(flips.tokenized, currentTokens(state, side)) &&
    sameFilters(flips.filters, state.session.filters) &&
    flips.place === flipPlace(state, side)
  return present ? flips : null
}
