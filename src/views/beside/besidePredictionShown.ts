import { type PieceKind, pieceKindOf } from '../../core/tokenPieces'
import {
  besideHead,
  besideNames,
  besideOwnTokens,
  besidePairs,
  besidePlace,
  besidePredictions,
  besideTokens,
  besideVocabulary,
} from '../../state/beside/besideSelectors'
import { ownTokens } from '../../state/explore/ownTokens'
import { memoize } from '../../state/memoize'
import {
  currentTokens,
  languageModelHead,
  pieceKind,
  predictionPlace,
  predictionPlaces,
} from '../../state/selectors'
import type { AppStoreState } from '../../state/store'
import { placeName } from '../explore/placeName'

export type Side = 'first' | 'second'
export const SIDES: readonly Side[] = ['first', 'second']

/** How the second side's vocabulary writes its pieces. */
export const otherKind = (state: AppStoreState): PieceKind => pieceKindOf(besideVocabulary(state) ?? [])

/** Where each side is looked at, in words; null: it has no such place. */
const placeNames = memoize(
  (state: AppStoreState) => [predictionPlace(state), besidePlace(state), pieceKind(state), otherKind(state)],
  (state): Readonly<Record<Side, string | null>> => {
    const [first, second] = [predictionPlace(state), besidePlace(state)]
    const ours = {
      causal: languageModelHead(state) === 'causal-lm',
      tokens: currentTokens(state)?.tokens ?? [],
      kind: pieceKind(state),
      places: predictionPlaces(state),
    }
    const theirs = {
      causal: besideHead(state) === 'causal-lm',
      tokens: besideTokens(state)?.tokens ?? [],
      kind: otherKind(state),
      places: second ? [second] : [],
    }
    return { first: first && placeName(first, ours), second: second && placeName(second, theirs) }
  },
)

/** Both distributions with all that their table names; null while they are computed. */
export const shownPredictions = memoize(
  (state: AppStoreState) => [
    besidePredictions(state),
    besidePairs(state),
    ownTokens(state),
    besideOwnTokens(state),
    placeNames(state),
    besideNames(state),
    pieceKind(state),
    otherKind(state),
  ],
  (state) => {
    const predictions = besidePredictions(state)
    const pairs = besidePairs(state)
    if (!predictions || !pairs) return null
    const own = { first: ownTokens(state), second: besideOwnTokens(state) }
    const kinds = { first: pieceKind(state), second: otherKind(state) }
    return { predictions, pairs, own, kinds, places: placeNames(state), names: besideNames(state) }
  },
)

export type ShownPredictions = NonNullable<ReturnType<typeof shownPredictions>>
