import { sameEntry } from '../../core/comparison/sameEntry'
import type { Substitution } from '../../core/measures/substitution'
import { pieceKindOf } from '../../core/text/tokenPieces'
import type { AppState } from '../appState'
import { memoizeSides } from '../memoize'
import { ownPosition, ownSubstitutions } from '../side/ownSubstitutions'
import { comparisonOf } from '../side/sideInputs'
import { vocabularyOf } from '../side/sideModel'
import { currentTokens } from '../side/sideTokens'
import { nearestAt } from '../side/substitutes'
import { alignment } from './alignment'

/** Holds the place on another side of a substitution of the session's own side. */
export interface CounterPlace {
  readonly first: Substitution
  /** Aligned tokens of the other side, ascending. */
  readonly opposite: readonly number[]
  /** First of them; null if there is no counterpart. */
  readonly at: number | null
  /** Token of the other vocabulary with the same spelling; null if there is none, or if it is already in that place. */
  readonly sameId: number | null
  /** True if it is the explored token, not a held one. */
  readonly chosen: boolean
}

/** Holds a substitution of another side, and how it was found. */
export interface Counterpart extends CounterPlace {
  /** Substitution; null if there is no counterpart, or no token to put there. */
  readonly substitution: Substitution | null
  /** Source of the token. `same`: the token that the first side takes; `nearest`: the other's own nearest neighbour. */
  readonly how: 'same' | 'nearest'
}

const NO_PLACES: readonly CounterPlace[] = []

/** Returns the places of the present change on another side, the chosen token last; null while they are not known. */
export const counterPlaces = memoizeSides(
  (state: AppState, side) => [
    alignment(state, side),
    ownSubstitutions(state),
    ownPosition(state),
    vocabularyOf(state),
    vocabularyOf(state, side),
  ],
  (state, side): readonly CounterPlace[] | null => {
    const aligned = alignment(state, side)
    const second = currentTokens(state, side)
    const active = ownSubstitutions(state)
    const [vocabulary, others] = [vocabularyOf(state), vocabularyOf(state, side)]
    if (!aligned || !second || !active || !vocabulary || !others) return null
    if (active.length === 0) return NO_PLACES
    const sameIdAt = (tokenId: number, at: number): number | null => {
      const there = second.tokens[at]
      const entry = vocabulary[tokenId]
      if (entry === undefined) return null
      const id =
        vocabulary === others
          ? tokenId
          : sameEntry(entry, pieceKindOf(vocabulary), others, pieceKindOf(others), there.text)
      return id === there.id ? null : id
    }
    const chosenAt = ownPosition(state)
    return active.map((first) => {
      const opposite = aligned.toSecond[first.position] ?? []
      const at = opposite[0] ?? null
      const sameId = at === null ? null : sameIdAt(first.tokenId, at)
      return { first, opposite, at, sameId, chosen: first.position === chosenAt }
    })
  },
)

/**
 * Returns the substitutions on another side, the chosen token last; null while its nearest neighbours are not known.
 */
export const counterparts = memoizeSides(
  (state: AppState, side) => [
    counterPlaces(state, side),
    state.sides[side].neighbors.value,
    state.sides[side].chosenNeighbors.value,
    state.session.filters,
    comparisonOf(state, side)?.ownNearest,
  ],
  (state, side): readonly Counterpart[] | null => {
    const found = counterPlaces(state, side)?.map((place): Counterpart | null => {
      const { at, sameId } = place
      if (at === null) return { ...place, substitution: null, how: 'nearest' }
      if (sameId !== null && !comparisonOf(state, side)?.ownNearest) {
        return { ...place, substitution: { position: at, tokenId: sameId }, how: 'same' }
      }
      const nearest = nearestAt(state, side, at)
      if (nearest === undefined) return null
      const substitution = nearest && { position: at, tokenId: nearest.tokenId }
      return { ...place, substitution, how: 'nearest' }
    })
    return found?.every((one) => one !== null) ? found : null
  },
)

/** Returns the substitution aligned with the explored token; null if none is explored. */
export const chosenCounterpart = (state: AppState, side: number): Counterpart | null =>
  counterparts(state, side)?.find(({ chosen }) => chosen) ?? null

const NO_SUBSTITUTIONS: readonly Substitution[] = []

/**
 * Returns the substitutions on another side. If two tokens of the first are aligned with one, the later of them counts:
 * the chosen one.
 */
export const counterSubstitutions = memoizeSides(
  (state: AppState, side) => [counterparts(state, side)],
  (state, side): readonly Substitution[] | null => {
    const change = counterparts(state, side)
    if (!change) return null
    const byPosition = new Map<number, Substitution>()
    for (const { substitution } of change) {
      if (!substitution) continue
      byPosition.delete(substitution.position)
      byPosition.set(substitution.position, substitution)
    }
    return byPosition.size === 0 ? NO_SUBSTITUTIONS : [...byPosition.values()]
  },
)
