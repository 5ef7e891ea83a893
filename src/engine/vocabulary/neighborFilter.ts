import { stemmer } from 'stemmer'
import type { NeighborFilters } from '../../core/measures/neighbor'
import type { LeftOut } from '../../core/measures/tableGeometry'
import { bareText, isContinuation } from '../../core/text/token'
import { type PieceKind, pieceKindOf } from '../../core/text/tokenPieces'

const UNUSED = /^\[unused\d+\]$/

/** Says whether two entries are one word in another case or inflection: equal stems after Porter (1980). */
function isVariant(a: string, b: string, kind: PieceKind): boolean {
  return stemmer(bareText(a, kind).toLowerCase()) === stemmer(bareText(b, kind).toLowerCase())
}

/**
 * Returns the test of whether a row of the word table counts in the table's geometry: it has an entry, of no kind that is
 * left out.
 */
export function createEntryFilter(
  leftOut: LeftOut,
  vocabulary: readonly string[],
  specialIds: ReadonlySet<number>,
): (tokenId: number) => boolean {
  return (tokenId) => {
    // A word table may have more rows than the tokenizer has tokens.
    const entry = vocabulary[tokenId] ?? ''
    if (entry === '' || (leftOut.special && specialIds.has(tokenId))) return false
    return !(leftOut.unused && UNUSED.test(entry))
  }
}

/** Returns the test of whether one vocabulary entry may replace another under the filters of measures.md. */
export function createNeighborFilter(
  filters: NeighborFilters,
  vocabulary: readonly string[],
  specialIds: ReadonlySet<number>,
): (tokenId: number, substituteId: number) => boolean {
  const kind = pieceKindOf(vocabulary)
  return (tokenId, substituteId) => {
    if (tokenId === substituteId) return false
    const token = vocabulary[tokenId]
    const substitute = vocabulary[substituteId]
    if (filters.special && specialIds.has(substituteId)) return false
    if (filters.unused && UNUSED.test(substitute)) return false
    if (filters.otherKind && isContinuation(token, kind) !== isContinuation(substitute, kind)) return false
    return !(filters.variants && isVariant(token, substitute, kind))
  }
}
