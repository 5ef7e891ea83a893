import { describe, expect, it } from 'vitest'
import { alignPieces } from './alignment'

const words = (text: string, pieces: readonly string[]) =>
  alignPieces(text, pieces, '[UNK]').map(({ start, end }) => text.slice(start, end))

describe('alignPieces', () => {
  it.each<[string, string, string[], string[]]>([
    [
      'case and punctuation',
      'It WAS, fine.',
      ['it', 'was', ',', 'fine', '.'],
      ['It', 'WAS', ',', 'fine', '.'],
    ],
    ['pieces of a word', 'Unwatchable!', ['un', '##watch', '##able', '!'], ['Un', 'watch', 'able', '!']],
    ['accents', 'café naïve', ['cafe', 'naive'], ['café', 'naïve']],
    ['combining accents', 'cafe\u0301 x', ['cafe', 'x'], ['cafe\u0301', 'x']],
    ['an unknown word', 'so 😀😀 good', ['so', '[UNK]', 'good'], ['so', '😀😀', 'good']],
    ['an unknown word before a comma', 'ᚠᚢᚦ, good', ['[UNK]', ',', 'good'], ['ᚠᚢᚦ', ',', 'good']],
    ['a special token spelled out', 'a [MASK] film', ['a', '[MASK]', 'film'], ['a', '[MASK]', 'film']],
    ['dropped controls', 'go\u200bod \u0000film', ['good', 'film'], ['go\u200bod', 'film']],
    ['CJK', '好看x', ['好', '[UNK]', 'x'], ['好', '看', 'x']],
    ['the dotted capital I', 'İstanbul', ['istanbul'], ['İstanbul']],
    ['doubled spaces', '  a \n\n b ', ['a', 'b'], ['a', 'b']],
  ])('places %s', (_, text, pieces, expected) => {
    expect(words(text, pieces)).toEqual(expected)
  })

  it('gives an empty span to a piece that the text does not spell, and finds the next one', () => {
    expect(words('good film', ['zzz', 'good', 'film'])).toEqual(['', 'good', 'film'])
  })
})
