import { isContinuation } from '../../../core/text/token'
import { type PieceKind, pieceKindOf, spelledText } from '../../../core/text/tokenPieces'

export interface VocabularyIndex {
  readonly vocabulary: readonly string[]
  readonly kind: PieceKind
  /**
   * Searched text by id: WordPieces as they are; other pieces as they spell, without the space before a word. An empty
   * one is not found.
   */
  readonly entries: readonly string[]
  /** Ids sorted by entry, so that all entries with one prefix are adjacent. */
  readonly sorted: readonly number[]
  readonly ids: ReadonlyMap<string, number>
}

const indexes = new WeakMap<readonly string[], VocabularyIndex>()

const compare = (a: string, b: string) => (a < b ? -1 : a > b ? 1 : 0)

/** Returns the index of a vocabulary, sorted once and cached with it. */
export function vocabularyIndex(vocabulary: readonly string[]): VocabularyIndex {
  const kept = indexes.get(vocabulary)
  if (kept) return kept
  const kind = pieceKindOf(vocabulary)
  const entries =
    kind === 'word-piece'
      ? vocabulary
      : vocabulary.map((entry) => spelledText(entry, kind).replace(/^ (?=\S)/u, ''))
  const sorted = entries.map((_, id) => id).sort((a, b) => compare(entries[a], entries[b]))
  const ids = new Map(entries.map((entry, id) => [entry, id]))
  const index = { vocabulary, kind, entries, sorted, ids }
  indexes.set(vocabulary, index)
  return index
}

/**
 * Returns the first entries that begin with `prefix` as typed, then in lower case: an uncased model has no others.
 * Shorter entries come first, the exact one at the top; of two with the same spelling, the one that begins a word.
 */
export function searchVocabulary(index: VocabularyIndex, prefix: string, limit: number): number[] {
  if (prefix === '') return []
  const exact = matches(index, prefix)
  const found = exact.length > 0 ? exact : matches(index, prefix.toLowerCase())
  const { entries, vocabulary, kind } = index
  const inside = (id: number) => Number(isContinuation(vocabulary[id], kind))
  return found
    .sort(
      (a, b) =>
        entries[a].length - entries[b].length || compare(entries[a], entries[b]) || inside(a) - inside(b),
    )
    .slice(0, limit)
}

function matches({ entries, sorted }: VocabularyIndex, prefix: string): number[] {
  let low = 0
  let high = sorted.length
  while (low < high) {
    const middle = (low + high) >> 1
    if (entries[sorted[middle]] < prefix) low = middle + 1
    else high = middle
  }
  const found: number[] = []
  for (let i = low; i < sorted.length && entries[sorted[i]].startsWith(prefix); i++) found.push(sorted[i])
  return found
}

function hintOf(kind: PieceKind, typed: string): string {
  if (kind !== 'word-piece') return ' A word with a space before it shows as ␣word.'
  return isContinuation(typed) ? '' : ' A piece inside a word begins with ##.'
}

/** Returns the reason why Enter has nothing to choose; null if it has. */
export function vocabularyNote(index: VocabularyIndex, typed: string, found: number): string | null {
  if (typed === '' || index.ids.has(typed) || index.ids.has(typed.toLowerCase())) return null
  const more = found > 0 ? ' The entries below begin with it.' : ''
  const hint = hintOf(index.kind, typed)
  return `“${typed}” is not one vocabulary entry.${more || hint}`
}
