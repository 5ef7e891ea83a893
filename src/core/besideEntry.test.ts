import { expect, it } from 'vitest'
import { entrySpelling, sameEntry } from './besideEntry'
import type { PieceKind } from './tokenPieces'

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
