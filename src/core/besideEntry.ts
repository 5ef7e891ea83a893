import { isContinuation } from './token'
import { byteLevelEntry, byteRuns, type PieceKind, pieceBytes, SPACE_MARK, spelledText } from './tokenPieces'

/** What a vocabulary entry spells, its mark or leading space taken off; null where that is no whole text. */
export function entrySpelling(entry: string, kind: PieceKind): string | null {
  if (kind === 'word-piece') return isContinuation(entry) ? entry.slice(2) : entry
  const bytes = pieceBytes(entry, kind)
  if (bytes && byteRuns(bytes).some(({ character }) => character === null)) return null
  const spelled = spelledText(entry, kind).replace(/^ /, '')
  return /^\s*$/u.test(spelled) ? null : spelled
}

/** The entry that would spell this, beginning a word or going on one. */
function entryOf(spelling: string, kind: PieceKind, goesOn: boolean): string {
  if (kind === 'word-piece') return goesOn ? `##${spelling}` : spelling
  if (kind === 'byte-level') return byteLevelEntry(goesOn ? spelling : ` ${spelling}`)
  return `${goesOn ? '' : SPACE_MARK}${spelling.replaceAll(' ', SPACE_MARK)}`
}

/**
 * The token of another vocabulary that spells the same as an entry, letter by letter. Of two, one that begins a word and
 * one that goes on one, it is the one of the same kind as the token whose place it takes.
 *
 * @param entry of a vocabulary of kind `kind`
 * @param inPlaceOf the other vocabulary's entry that it would replace
 * @returns id in `vocabulary`; null where it has no single token of this spelling
 */
export function sameEntry(
  entry: string,
  kind: PieceKind,
  vocabulary: readonly string[],
  vocabularyKind: PieceKind,
  inPlaceOf: string,
): number | null {
  const spelling = entrySpelling(entry, kind)
  if (spelling === null || spelling === '') return null
  const goesOn = isContinuation(inPlaceOf, vocabularyKind)
  for (const form of [goesOn, !goesOn]) {
    const id = vocabulary.indexOf(entryOf(spelling, vocabularyKind, form))
    if (id >= 0) return id
  }
  return null
}
