import { sideNames } from '../../state/compare/compareSelectors'
import { comparedPredictions } from '../../state/compare/counterTokens'
import { entryPairs } from '../../state/compare/entryPairs'
import { ownTokens } from '../../state/explore/ownTokens'
import { memoize, memoizeSides } from '../../state/memoize'
import {
  currentTokens,
  languageModelHead,
  pieceKind,
  predictionPlace,
  predictionPlaces,
} from '../../state/selectors'
import { OTHER, OWN } from '../../state/side/side'
import type { AppStoreState } from '../../state/store'
import { placeName } from '../explore/answer/placeName'

export type Side = 'first' | 'second'
export const SIDES: readonly Side[] = ['first', 'second']

/** Names the place shown on a side; null if it has no such place. */
const placeWords = memoizeSides(
  (state: AppStoreState, side) => [predictionPlace(state, side), pieceKind(state, side)],
  (state, side): string | null => {
    const place = predictionPlace(state, side)
    return (
      place &&
      placeName(place, {
        causal: languageModelHead(state, side) === 'causal-lm',
        tokens: currentTokens(state, side)?.tokens ?? [],
        kind: pieceKind(state, side),
        places: predictionPlaces(state, side),
      })
    )
  },
)

const bySide = <T>(of: (side: number) => T): Readonly<Record<Side, T>> => ({
  first: of(OWN),
  second: of(OTHER),
})

/** Returns both distributions with everything that their table names; null while they are computed. */
export const shownPredictions = memoize(
  (state: AppStoreState) => [
    comparedPredictions(state, OTHER),
    entryPairs(state, OTHER),
    sideNames(state),
    ...[OWN, OTHER].flatMap((side) => [
      ownTokens(state, side),
      placeWords(state, side),
      pieceKind(state, side),
    ]),
  ],
  (state) => {
    const predictions = comparedPredictions(state, OTHER)
    const pairs = entryPairs(state, OTHER)
    if (!predictions || !pairs) return null
    const names = sideNames(state)
    return {
      predictions,
      pairs,
      own: bySide((side) => ownTokens(state, side)),
      kinds: bySide((side) => pieceKind(state, side)),
      places: bySide((side) => placeWords(state, side)),
      names: bySide((side) => names[side]),
    }
  },
)

export type ShownPredictions = NonNullable<ReturnType<typeof shownPredictions>>
