import { expect, it } from 'vitest'
import { NO_FILTERS } from '../../core/measures/neighbor'
import { createNeighborFilter } from './neighborFilter'

const WORD_PIECES = ['[MASK]', 'film', 'films', 'Film', '##s', 'movie', '[unused1]']
const BYTE_LEVEL = ['<mask>', 'Ġfilm', 'Ġfilms', 'Film', 's', 'Ġmovie', 'Ġcaf', 'Ċ']
const SENTENCE_PIECES = ['<mask>', '▁film', '▁films', '▁Film', 's', '▁movie', '▁']

it.each([
  ['other pieces', WORD_PIECES, { otherKind: true }, ['[MASK]', 'films', 'Film', 'movie', '[unused1]']],
  ['variants', WORD_PIECES, { variants: true }, ['[MASK]', '##s', 'movie', '[unused1]']],
  [
    'what is special or unused',
    WORD_PIECES,
    { special: true, unused: true },
    ['films', 'Film', '##s', 'movie'],
  ],
  ['other pieces', BYTE_LEVEL, { otherKind: true }, ['Ġfilms', 'Ġmovie', 'Ġcaf', 'Ċ']],
  ['variants', BYTE_LEVEL, { variants: true }, ['<mask>', 's', 'Ġmovie', 'Ġcaf', 'Ċ']],
  ['other pieces', SENTENCE_PIECES, { otherKind: true }, ['▁films', '▁Film', '▁movie', '▁']],
  ['variants', SENTENCE_PIECES, { variants: true }, ['<mask>', 's', '▁movie', '▁']],
])('leaves out %s of film in %j', (_, vocabulary, filters, expected) => {
  const allowed = createNeighborFilter({ ...NO_FILTERS, ...filters }, vocabulary, new Set([0]))
  expect(vocabulary.filter((_, id) => allowed(1, id))).toEqual(expected)
})
