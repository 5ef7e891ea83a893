import { describe, expect, it } from 'vitest'
import { alignPieces } from './alignment'
import type { PieceKind } from './tokenPieces'

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
    [
      'dropped lone surrogates and private use',
      'a \ud800 good \udc00film \ue000 x\ud83d',
      ['a', 'good', 'film', 'x'],
      ['a', 'good', 'film', 'x\ud83d'],
    ],
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

describe('alignPieces of vocabularies that mark spaces', () => {
  it.each<[string, PieceKind, string, string[], string[]]>([
    ['bytes of a character', 'byte-level', 'a 😀b', ['a', 'ĠðŁĺ', 'Ģ', 'b'], ['a', '😀', '😀', 'b']],
    ['a piece across characters', 'byte-level', 'éè', ['Ã', '©Ã', '¨'], ['é', 'éè', 'è']],
    ['bytes that end too early', 'byte-level', '好看', ['å¥½', 'çľ'], ['好', '看']],
    [
      'byte fallback',
      'sentence-piece',
      '好 x',
      ['▁', '<0xE5>', '<0xA5>', '<0xBD>', '▁x'],
      ['', '好', '好', '好', 'x'],
    ],
    [
      'another word for a sign',
      'sentence-piece',
      "a ``b'' c",
      ['▁a', '▁"', 'b', '"', '▁c'],
      ['a', '``', 'b', "''", 'c'],
    ],
    ['composed jamo', 'sentence-piece', '\u1112\u1161\u11ab x', ['▁한', '▁x'], ['\u1112\u1161\u11ab', 'x']],
    [
      'an unknown word',
      'sentence-piece',
      'so ᚠᚢ, good',
      ['▁so', '▁', '<unk>', ',', '▁good'],
      ['so', ' ', 'ᚠᚢ', ',', 'good'],
    ],
    ['unknown characters one by one', 'sentence-piece', 'ᚠᚢa', ['<unk>', '<unk>', 'a'], ['ᚠ', 'ᚢ', 'a']],
    ['the unknown token spelled out', 'byte-level', 'x<unk>k', ['x', '<unk>', 'k'], ['x', '<unk>', 'k']],
    ['an unknown end', 'sentence-piece', 'a ᚠᚢ', ['▁a', '▁', '<unk>'], ['a', ' ', 'ᚠᚢ']],
    ['case and accents', 'sentence-piece', 'Café ΟΔΟΣ', ['▁cafe', '▁οδ', 'ος'], ['Café', 'ΟΔ', 'ΟΣ']],
    ['dropped controls', 'sentence-piece', 'go\u200bod', ['▁good'], ['go\u200bod']],
  ])('places %s', (_, kind, text, pieces, expected) => {
    const spans = alignPieces(text, pieces, '<unk>', kind)
    expect(spans.map(({ start, end }) => text.slice(start, end))).toEqual(expected)
  })

  it('comes to an end, in order, whatever the pieces are', () => {
    const texts = ['', ' ', '\ud83d', 'the film', '😀'.repeat(50), ' \u0301\u200b \n'.repeat(20)]
    const pieces = ['', '▁', 'Ġ', '<unk>', 'zzz', '<0xF0>', 'ðŁ', 'film', '\u0301', ' \u200b']
    for (const kind of ['byte-level', 'sentence-piece'] as const) {
      for (const text of texts) {
        for (const first of pieces) {
          for (const second of pieces) {
            const spans = alignPieces(text, [first, second, first, second, second], '<unk>', kind)
            expect(spans).toHaveLength(5)
            for (const { start, end } of spans) {
              expect(start).toBeLessThanOrEqual(end)
              expect(end).toBeLessThanOrEqual(text.length)
            }
            expect(spans.map(({ start }) => start)).toEqual(
              spans.map(({ start }) => start).sort((a, b) => a - b),
            )
          }
        }
      }
    }
  })

  it('does not go over a long text again and again', () => {
    const marks = '\u0301'.repeat(100_000)
    const [unknown, last] = alignPieces(`x${marks}a`, ['<unk>', 'a'], '<unk>', 'sentence-piece')
    expect(unknown.end).toBe(100_001)
    expect(last).toEqual({ start: 100_001, end: 100_002 })
  })
})
