import { alignByDiff, alignByOffsets, type TokenAlignment } from '../../core/besideAlignment'
import { sameEntry } from '../../core/besideEntry'
import type { ModelInfo } from '../../core/explorer'
import { type Neighbor, sameFilters } from '../../core/neighbor'
import type { Substitution } from '../../core/substitution'
import type { TokenizedText } from '../../core/token'
import { pieceKindOf } from '../../core/tokenPieces'
import type { AppState } from '../appState'
import { activeSubstitutions, chosenPosition, currentTokens } from '../explore/activeSubstitutions'
import { memoize } from '../memoize'
import { sameSequence } from '../results'

/** The model of the second side; null while it is not open. */
export function besideInfo({ session, model, beside }: AppState): ModelInfo | null {
  if (!session.beside) return null
  const wanted = session.beside.model
  if (wanted === null) return model.status === 'ready' ? model.info : null
  return beside.model.info?.id === wanted.id ? beside.model.info : null
}

export function besideVocabulary(state: AppState): readonly string[] | null {
  return state.session.beside?.model ? state.beside.model.vocabulary : state.vocabulary
}

/** The text of the second side; null where nothing stands beside. */
export function besideText({ session }: AppState): string | null {
  return session.beside ? (session.beside.text ?? session.text) : null
}

/** Its tokens as the text stands; null while they are not known. */
export function besideTokens(state: AppState): TokenizedText | null {
  const { value } = state.beside.tokenized
  return value && value.text === besideText(state) ? value : null
}

/** Which tokens of both sides stand opposite each other; null while either side is not read. */
export const besideAlignment = memoize(
  (state: AppState) => [
    currentTokens(state),
    besideTokens(state),
    state.session.beside?.model === null,
    state.session.beside?.text === null || state.session.beside?.text === state.session.text,
  ],
  (state): TokenAlignment | null => {
    const first = currentTokens(state)
    const second = besideTokens(state)
    if (!first || !second || !state.session.beside) return null
    if (first.text === second.text) return alignByOffsets(first.tokens, second.tokens)
    return alignByDiff(first, second, state.session.beside.model === null)
  },
)

/** A substitution of the first side, and where it would happen on the second. */
export interface BesidePlace {
  readonly first: Substitution
  /** Tokens of the second that stand opposite, ascending. */
  readonly opposite: readonly number[]
  /** The first of them; null: it has no counterpart there. */
  readonly at: number | null
  /** The second vocabulary's token that spells the same; null where it has none, or where it stands there already. */
  readonly sameId: number | null
  /** Whether it is the token that is explored, not one that is held. */
  readonly chosen: boolean
}

const NO_PLACES: readonly BesidePlace[] = []

/** Where the present change happens on the second side, the chosen token last; null while it is not known. */
export const besidePlaces = memoize(
  (state: AppState) => [
    besideAlignment(state),
    activeSubstitutions(state),
    chosenPosition(state),
    state.vocabulary,
    besideVocabulary(state),
  ],
  (state): readonly BesidePlace[] | null => {
    const alignment = besideAlignment(state)
    const second = besideTokens(state)
    const active = activeSubstitutions(state)
    const { vocabulary } = state
    const others = besideVocabulary(state)
    if (!alignment || !second || !active || !vocabulary || !others) return null
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
    const chosenAt = chosenPosition(state)
    return active.map((first) => {
      const opposite = alignment.toSecond[first.position] ?? []
      const at = opposite[0] ?? null
      return {
        first,
        opposite,
        at,
        sameId: at === null ? null : sameIdAt(first.tokenId, at),
        chosen: first.position === chosenAt,
      }
    })
  },
)

/** A substitution of the second side, and how it was found. */
export interface BesideSubstitution extends BesidePlace {
  readonly substitution: Substitution | null
  /** Of the substitute; null: it has none. */
  readonly neighbor: Neighbor | null
  /** `same`: the token that the first side takes; `nearest`: the second's own nearest neighbour. */
  readonly how: 'same' | 'nearest'
}

type FoundNeighbors = ReadonlyMap<number, readonly Neighbor[]>

/** The second side's neighbours, of its text as it stands and under the session's filters. */
function foundNeighbors(state: AppState): FoundNeighbors | null {
  const { value } = state.beside.neighbors
  const present =
    value &&
    sameSequence(value.tokenized, besideTokens(state)) &&
    sameFilters(value.filters, state.session.filters)
  return present ? value.byPosition : null
}

function substitutionAt(place: BesidePlace, state: AppState): BesideSubstitution {
  const found = place.at === null ? [] : (foundNeighbors(state)?.get(place.at) ?? [])
  const wanted = state.session.beside?.ownNearest ? null : place.sameId
  const same = wanted === null ? undefined : found.find(({ tokenId }) => tokenId === wanted)
  const neighbor = same ?? found[0] ?? null
  return {
    ...place,
    neighbor,
    how: same ? 'same' : 'nearest',
    substitution: neighbor && place.at !== null ? { position: place.at, tokenId: neighbor.tokenId } : null,
  }
}

/** What happens on the second side, the chosen token last; null while its neighbours are not known. */
export const besideChange = memoize(
  (state: AppState) => [
    besidePlaces(state),
    state.beside.neighbors.status === 'ready' ? foundNeighbors(state) : null,
    state.session.beside?.ownNearest,
  ],
  (state): readonly BesideSubstitution[] | null => {
    const places = besidePlaces(state)
    const { status } = state.beside.neighbors
    const value = foundNeighbors(state)
    if (!places) return null
    const needed = places.filter(({ at }) => at !== null)
    // What is there may be the answer for another change.
    const isAnswered = ({ at, sameId }: BesidePlace) => {
      const found = at === null ? undefined : value?.get(at)
      return found !== undefined && (sameId === null || found.some(({ tokenId }) => tokenId === sameId))
    }
    if (needed.length > 0 && (status !== 'ready' || !needed.every(isAnswered))) return null
    return places.map((place) => substitutionAt(place, state))
  },
)

const NO_SUBSTITUTIONS: readonly Substitution[] = []

/**
 * What is substituted on the second side. Where two tokens of the first stand opposite one, the later of them counts:
 * the chosen one.
 */
export const besideSubstitutions = memoize(
  (state: AppState) => [besideChange(state)],
  (state): readonly Substitution[] | null => {
    const change = besideChange(state)
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
