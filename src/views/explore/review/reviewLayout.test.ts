import { describe, expect, it } from 'vitest'
import type { Token, TokenizedText } from '../../../core/text/token'
import { layOutReview, visibleSpaces } from './reviewLayout'

function tokenize(
  text: string,
  pieces: readonly (readonly [string, string])[],
  truncatedAt: number | null = null,
) {
  let cursor = 0
  const inner: Token[] = pieces.map(([entry, spelled], i) => {
    const start = text.indexOf(spelled, cursor)
    cursor = start + spelled.length
    return { id: i + 10, text: entry, special: false, start, end: cursor }
  })
  const special = (entry: string, at: number): Token => ({
    id: 1,
    text: entry,
    special: true,
    start: at,
    end: at,
  })
  const tokens = [special('[CLS]', 0), ...inner, special('[SEP]', cursor)]
  return {
    text,
    tokens,
    truncatedAt,
    totalTokens: tokens.length,
    totalIsAtLeast: false,
  } satisfies TokenizedText
}

const labels = (tokenized: TokenizedText) =>
  layOutReview(tokenized).words.map(({ gap, pieces }) => gap + pieces.map(({ label }) => label).join('|'))

describe('layOutReview', () => {
  it('keeps the spelling of the review, not of the vocabulary', () => {
    expect(
      labels(
        tokenize('A Café.', [
          ['a', 'A'],
          ['cafe', 'Café'],
          ['.', '.'],
        ]),
      ),
    ).toEqual(['[CLS]', 'A', ' Café|.', '[SEP]'])
  })

  it('joins the pieces of a word and marks the seam', () => {
    const { words } = layOutReview(
      tokenize('foghorn', [
        ['fog', 'fog'],
        ['##ho', 'ho'],
        ['##rn', 'rn'],
      ]),
    )
    expect(words[1].pieces.map(({ label, seam }) => [label, seam])).toEqual([
      ['fog', 'start'],
      ['ho', 'middle'],
      ['rn', 'end'],
    ])
  })

  it('shows a token that stands for no text by its entry', () => {
    const tokenized = tokenize('ab', [['ab', 'ab']])
    const hidden = { id: 5, text: '##x', special: false, start: 2, end: 2 }
    const { words } = layOutReview({ ...tokenized, tokens: [...tokenized.tokens.slice(0, 2), hidden] })
    expect(words[1].pieces.map(({ label }) => label)).toEqual(['ab', 'x'])
  })

  it('shows a bounded part of what the model does not read, and says how much follows', () => {
    const text = `one ${'z'.repeat(5_000_000)}`
    const { truncated, rest } = layOutReview(tokenize(text, [['one', 'one']], 3))
    expect(truncated?.tail.length).toBe(2000)
    expect(truncated?.hidden).toBe(5_000_001 - 2000)
    expect(rest).toBe('')
  })

  it('shows what stands before the first token that the model reads', () => {
    const text = `${'z'.repeat(3000)} one`
    const { tokens, ...rest } = tokenize(text, [['one', 'one']])
    const { before, words } = layOutReview({
      ...rest,
      tokens: tokens.map((token) => (token.start === 0 ? { ...token, start: 3001, end: 3001 } : token)),
      readFrom: 3001,
    })
    expect(before).toEqual({ hidden: 1001, head: text.slice(1001, 3001) })
    expect(words.map(({ gap }) => gap)).toEqual(['', '', ''])
  })

  it('lets a very long chain of pieces break', () => {
    const pieces = Array.from({ length: 40 }, (_, i) => [i === 0 ? 'a' : '##a', 'a'] as const)
    const { words } = layOutReview(tokenize('a'.repeat(40), pieces))
    expect(words[1].breakable).toBe(true)
  })

  it('lays out an empty text', () => {
    expect(labels(tokenize('', []))).toEqual(['[CLS]', '[SEP]'])
  })
})

it('makes spaces and line breaks visible', () => {
  expect(visibleSpaces(' \n')).toBe('·↵\n')
})

describe('layOutReview with marks for spaces', () => {
  const text = 'Unwatchable,  but 😀\n\nok'
  const span = (entry: string, start: number, end: number): Token => ({
    id: 5,
    text: entry,
    special: false,
    start,
    end,
  })
  const tokenized: TokenizedText = {
    text,
    tokens: [
      { id: 0, text: '<s>', special: true, start: 0, end: 0 },
      span('Un', 0, 2),
      span('watch', 2, 7),
      span('able', 7, 11),
      span(',', 11, 12),
      span('Ġ', 12, 13),
      span('Ġbut', 14, 17),
      span('ĠðŁĺ', 18, 20),
      span('Ģ', 18, 20),
      span('ĊĊ', 20, 22),
      span('ok', 22, 24),
    ],
    truncatedAt: null,
    totalTokens: 11,
    totalIsAtLeast: false,
  }
  const { words, rest } = layOutReview(tokenized, 'byte-level')
  const pieces = words.flatMap((word) => word.pieces)

  it('joins pieces of a word, and no comma or first word to what stands before', () => {
    expect(pieces.map(({ seam }) => seam)).toEqual([
      null,
      'start',
      'middle',
      'end',
      ...new Array<null>(7).fill(null),
    ])
  })

  it('shows a character cut in two once, and signs for white space', () => {
    expect(words.map(({ gap, pieces }) => gap + pieces.map(({ label }) => label).join('|'))).toEqual([
      '<s>',
      'Un|watch|able|,|␣',
      ' but',
      ' 😀|<0x80>|↵↵|ok',
    ])
    expect(rest).toBe('')
  })
})
