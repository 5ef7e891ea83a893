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
