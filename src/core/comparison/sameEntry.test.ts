import { expect, it } from 'vitest'
import type { PieceKind } from '../text/tokenPieces'
import { entrySpelling, pairEntries, sameEntry } from './sameEntry'

const VOCABULARIES: Readonly<Record<PieceKind, readonly string[]>> = {
  'word-piece': ['[PAD]', 'movie', '##movie', 'naïve', ',', '##ful', 'only'],
  'byte-level': ['<s>', 'movie', 'Ġmovie', 'ĠnaÃ¯ve', ',', 'ful', 'ðŁ', 'Ġ', 'Ċ'],
  'sentence-piece': ['<s>', '▁movie', 'movie', '▁naïve', ',', 'ful', '▁', '<0xE2>'],
}

it.each([
  ['word-piece', '##ful', 'ful'],
  ['word-piece', 'movie', 'movie'],
  ['byte-level', 'Ġmovie', 'movie'],
  ['byte-level', 'ĠnaÃ¯ve', 'naïve'],
  ['byte-level', 'ðŁ', null],
  ['byte-level', 'Ġ', null],
  ['byte-level', 'Ċ', null],
  ['sentence-piece', '▁naïve', 'naïve'],
  ['sentence-piece', '<0xE2>', null],
  ['sentence-piece', '▁', null],
] as const)('%s %s spells %j', (kind, entry, spelling) => {
  expect(entrySpelling(entry, kind)).toBe(spelling)
})

it.each([
  // from, entry, to, in place of, found
  ['word-piece', 'movie', 'byte-level', 'Ġfilm', 'Ġmovie'],
  ['word-piece', 'movie', 'byte-level', 'Film', 'movie'],
  ['word-piece', 'naïve', 'byte-level', 'Ġfilm', 'ĠnaÃ¯ve'],
  ['word-piece', 'naïve', 'byte-level', 'film', 'ĠnaÃ¯ve'],
  ['word-piece', '##ful', 'sentence-piece', 'less', 'ful'],
  ['word-piece', ',', 'byte-level', '.', ','],
  ['word-piece', 'only', 'byte-level', 'Ġfilm', null],
  ['byte-level', 'Ġmovie', 'word-piece', 'film', 'movie'],
  ['byte-level', 'Ġmovie', 'word-piece', '##film', '##movie'],
  ['byte-level', 'ðŁ', 'sentence-piece', '▁a', null],
  ['sentence-piece', '▁movie', 'byte-level', 'Ġfilm', 'Ġmovie'],
  ['sentence-piece', '▁naïve', 'word-piece', 'film', 'naïve'],
  ['sentence-piece', '▁', 'word-piece', 'film', null],
] as const)('%s %s is in %s, in the place of %s, %j', (kind, entry, to, inPlaceOf, found) => {
  const vocabulary = VOCABULARIES[to]
  const id = sameEntry(entry, kind, vocabulary, to, inPlaceOf)
  expect(id === null ? null : vocabulary[id]).toBe(found)
})

it.each([
  // from, entry, to, found
  ['word-piece', 'movie', 'byte-level', 'Ġmovie'],
  ['word-piece', '##movie', 'byte-level', 'movie'],
  ['word-piece', '##movie', 'sentence-piece', 'movie'],
  ['word-piece', ',', 'byte-level', ','],
  ['word-piece', ',', 'sentence-piece', ','],
  ['word-piece', 'only', 'byte-level', null],
  ['byte-level', 'ĠnaÃ¯ve', 'word-piece', 'naïve'],
  ['byte-level', 'ful', 'word-piece', '##ful'],
  ['byte-level', ',', 'word-piece', ','],
  ['byte-level', 'ðŁ', 'sentence-piece', null],
  ['sentence-piece', '▁naïve', 'byte-level', 'ĠnaÃ¯ve'],
  ['sentence-piece', '▁', 'word-piece', null],
] as const)('%s %s is paired in %s with %j, and that one with it', (from, entry, to, found) => {
  const [first, second] = [VOCABULARIES[from], VOCABULARIES[to]]
  const { toSecond, toFirst } = pairEntries(first, second)
  const id = toSecond(first.indexOf(entry))
  expect(id === null ? null : second[id]).toBe(found)
  if (id !== null) expect(first[toFirst(id) ?? -1]).toBe(entry)
})

it('pairs each token with one: of two that spell the same, with the one that is its own', () => {
  const { toSecond, toFirst } = pairEntries(['[PAD]', '##s', ','], ['<s>', 'Ġ,', ',', 'Ġs'])
  expect([toSecond(2), toFirst(2)]).toEqual([2, 2])
  expect(toFirst(1)).toBeNull()
  expect(toSecond(1)).toBeNull()
  expect(toSecond(99)).toBeNull()
})

it('pairs every token of one vocabulary with itself', () => {
  const vocabulary = VOCABULARIES['byte-level']
  const { toSecond, toFirst } = pairEntries(vocabulary, vocabulary)
  expect(vocabulary.map((_, id) => [toSecond(id), toFirst(id)])).toEqual(vocabulary.map((_, id) => [id, id]))
})
