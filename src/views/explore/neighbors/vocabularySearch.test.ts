import { expect, it } from 'vitest'
import { searchVocabulary, vocabularyIndex, vocabularyNote } from './vocabularySearch'

const vocabulary = ['[PAD]', 'delightful', 'delight', '##ful', 'delights', 'zebra', 'de', '##s', '']
const index = vocabularyIndex(vocabulary)
const found = (typed: string, limit = 8) => searchVocabulary(index, typed, limit).map((id) => vocabulary[id])

it('finds entries by their beginning, the shortest first', () => {
  expect(found('del')).toEqual(['delight', 'delights', 'delightful'])
  expect(found('del', 2)).toEqual(['delight', 'delights'])
  expect(found('##')).toEqual(['##s', '##ful'])
})

it('falls back to lower case where nothing is spelled as typed', () => {
  expect(found('Zeb')).toEqual(['zebra'])
  expect(found('[P')).toEqual(['[PAD]'])
})

it('finds nothing for nothing, and nothing past the last entry', () => {
  expect(found('')).toEqual([])
  expect(found('zzz')).toEqual([])
})

it('says when a word is not one vocabulary entry', () => {
  expect(vocabularyNote(index, 'delight', 3)).toBeNull()
  expect(vocabularyNote(index, 'Zebra', 1)).toBeNull()
  expect(vocabularyNote(index, 'chiaroscuro', 0)).toContain('not one vocabulary entry')
})

it.each([
  ['byte-level', ['<s>', 'Ġfilm', 'film', 'Ġfilms', 'Ġcaf', 'Ã©', 'Ġthe', 'Ġ'], 'Ġ'],
  ['SentencePiece', ['<s>', '▁film', 'film', '▁films', '▁caf', 'é', '▁the', '▁'], '▁'],
])('finds a word whether or not a space is before it: %s', (_, entries, space) => {
  const marked = vocabularyIndex(entries)
  const search = (typed: string) => searchVocabulary(marked, typed, 8).map((id) => entries[id])
  expect(search('film')).toEqual([`${space}film`, 'film', `${space}films`])
  expect(search('FILM')).toEqual([`${space}film`, 'film', `${space}films`])
  expect(search('é')).toEqual([entries[5]])
  expect(vocabularyNote(marked, 'film', 3)).toBeNull()
  expect(vocabularyNote(marked, 'movie', 0)).not.toContain('##')
})
