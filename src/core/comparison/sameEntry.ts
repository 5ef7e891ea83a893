import { isContinuation } from '../text/token'
import {
  byteLevelEntry,
  byteRuns,
  type PieceKind,
  pieceBytes,
  pieceKindOf,
  SPACE_MARK,
  spelledText,
} from '../text/tokenPieces'

/**
 * Returns the text that a vocabulary entry spells, without its mark or leading space; null if that is no whole text.
 */
export function entrySpelling(entry: string, kind: PieceKind): string | null {
  if (kind === 'word-piece') return isContinuation(entry) ? entry.slice(2) : entry
  const bytes = pieceBytes(entry, kind)
  if (bytes && byteRuns(bytes).some(({ character }) => character === null)) return null
  const spelled = spelledText(entry, kind).replace(/^ /, '')
  return /^\s*$/u.test(spelled) ? null : spelled
}

/** Returns the entry that would spell this text, at the beginning of a word or as its continuation. */
function entryOf(spelling: string, kind: PieceKind, goesOn: boolean): string {
  if (kind === 'word-piece') return goesOn ? `##${spelling}` : spelling
  if (kind === 'byte-level') return byteLevelEntry(goesOn ? spelling : ` ${spelling}`)
  return `${goesOn ? '' : SPACE_MARK}${spelling.replaceAll(' ', SPACE_MARK)}`
}

const idsByVocabulary = new WeakMap<readonly string[], ReadonlyMap<string, number>>()

/** Returns ids by entry, the lowest of equal entries; computed once per vocabulary. */
function idsOf(vocabulary: readonly string[]): ReadonlyMap<string, number> {
  const kept = idsByVocabulary.get(vocabulary)
  if (kept) return kept
  const ids = new Map<string, number>()
  for (let id = vocabulary.length - 1; id >= 0; id--) ids.set(vocabulary[id], id)
  idsByVocabulary.set(vocabulary, ids)
  return ids
}

/**
 * Returns the token of another vocabulary that spells the same as an entry, letter by letter. If one such token begins
 * a word and another continues one, it is the one of the same kind as the token that it replaces.
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
  const ids = idsOf(vocabulary)
  return (
    ids.get(entryOf(spelling, vocabularyKind, goesOn)) ??
    ids.get(entryOf(spelling, vocabularyKind, !goesOn)) ??
    null
  )
}

/** Matches text without letters or numbers: WordPiece does not tell whether a space precedes it. */
const PUNCTUATION = /^[^\p{L}\p{N}]+$/u

/** Holds a vocabulary and how it writes its pieces. */
interface Entries {
  readonly vocabulary: readonly string[]
  readonly kind: PieceKind
}

/** Returns the token that spells the same and, like the entry, begins or continues a word; null if there is none. */
function alikeIn(entry: string, { kind }: Entries, other: Entries): number | null {
  const spelling = entrySpelling(entry, kind)
  if (spelling === null || spelling === '') return null
  const ids = idsOf(other.vocabulary)
  const find = (goesOn: boolean) => ids.get(entryOf(spelling, other.kind, goesOn))
  const wordPiece = kind === 'word-piece' || other.kind === 'word-piece'
  if (wordPiece && PUNCTUATION.test(spelling)) return find(other.kind !== 'word-piece') ?? null
  return find(isContinuation(entry, kind)) ?? null
}

/**
 * Maps tokens of two vocabularies to each other, one to one; null where the other has no single token of that spelling.
 */
export interface EntryPairs {
  toSecond(tokenId: number): number | null
  toFirst(tokenId: number): number | null
}

/** Pairs tokens by what they spell and whether they begin a word: `Ġfilm` and `film`, `s` and `##s`. */
export function pairEntries(first: readonly string[], second: readonly string[]): EntryPairs {
  if (first === second) return { toSecond: (id) => id, toFirst: (id) => id }
  const [ours, theirs] = [first, second].map((vocabulary) => ({ vocabulary, kind: pieceKindOf(vocabulary) }))
  const across = (from: Entries, to: Entries) => (tokenId: number) => {
    const entry = from.vocabulary[tokenId]
    const id = entry === undefined ? null : alikeIn(entry, from, to)
    return id !== null && alikeIn(to.vocabulary[id], to, from) === tokenId ? id : null
  }
  return { toSecond: across(ours, theirs), toFirst: across(theirs, ours) }
}
