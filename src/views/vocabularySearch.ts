import { isContinuation } from '../core/token'

export interface VocabularyIndex {
  readonly vocabulary: readonly string[]
  /** Ids sorted by entry, so that all entries with one prefix lie together. */
  readonly sorted: readonly number[]
  readonly ids: ReadonlyMap<string, number>
}

const indexes = new WeakMap<readonly string[], VocabularyIndex>()

const compare = (a: string, b: string) => (a < b ? -1 : a > b ? 1 : 0)

/** Sorted once for a vocabulary and kept with it. */
export function vocabularyIndex(vocabulary: readonly string[]): VocabularyIndex {
  const kept = indexes.get(vocabulary)
  if (kept) return kept
  const sorted = vocabulary.map((_, id) => id).sort((a, b) => compare(vocabulary[a], vocabulary[b]))
  const ids = new Map(vocabulary.map((entry, id) => [entry, id]))
  const index = { vocabulary, sorted, ids }
  indexes.set(vocabulary, index)
  return index
}

/**
 * The first entries that begin with `prefix` as typed, then in lower case: an uncased model has no others.
 * Shorter entries first, the exact one at the top.
 */
export function searchVocabulary(index: VocabularyIndex, prefix: string, limit: number): number[] {
  if (prefix === '') return []
  const exact = matches(index, prefix)
  const found = exact.length > 0 ? exact : matches(index, prefix.toLowerCase())
  const { vocabulary } = index
  return found
    .sort((a, b) => vocabulary[a].length - vocabulary[b].length || compare(vocabulary[a], vocabulary[b]))
    .slice(0, limit)
}

function matches({ vocabulary, sorted }: VocabularyIndex, prefix: string): number[] {
  let low = 0
  let high = sorted.length
  while (low < high) {
    const middle = (low + high) >> 1
    if (vocabulary[sorted[middle]] < prefix) low = middle + 1
    else high = middle
  }
  const found: number[] = []
  for (let i = low; i < sorted.length && vocabulary[sorted[i]].startsWith(prefix); i++) found.push(sorted[i])
  return found
}

/** Why Enter has nothing to choose; null where it has. */
export function vocabularyNote(index: VocabularyIndex, typed: string, found: number): string | null {
  if (typed === '' || index.ids.has(typed) || index.ids.has(typed.toLowerCase())) return null
  const more = found > 0 ? ' The entries below begin with it.' : ''
  const hint = isContinuation(typed) ? '' : ' A piece inside a word begins with ##.'
  return `“${typed}” is not one vocabulary entry.${more || hint}`
}
