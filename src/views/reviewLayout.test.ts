import { describe, expect, it } from 'vitest'
import type { Token, TokenizedText } from '../core/token'
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
