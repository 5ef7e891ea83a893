import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import type { Token, TokenizedText } from '../text/token'
import { type PieceKind, spelledText } from '../text/tokenPieces'
import { type AlignedBlock, alignByDiff, alignByOffsets, alignedBlocks } from './alignment'

/**
 * Returns the offsets of pieces: one after the other, an unknown word as far as the next space, a byte
 * piece on the first word.
 */
function spansOf(text: string, pieces: readonly string[], kind: PieceKind) {
  const plain = text.normalize('NFC').toLowerCase()
  let end = 0
  return pieces.map((piece) => {
    const spelled = spelledText(piece, kind).replace(/^##/, '').trim()
    if (piece === '[UNK]' || /^<0x/.test(spelled)) {
      const [word] = /^\S+/.exec(text.slice(piece === '[UNK]' ? end : 0)) ?? ['']
      end = piece === '[UNK]' ? end + word.length : word.length
      return { start: end - word.length, end }
    }
    const bare = (kind === 'word-piece' ? spelled.replace('naive', 'naïve') : spelled).toLowerCase()
    const start = bare === '' ? -1 : plain.indexOf(bare, end)
    if (start < 0) return { start: end, end }
    end = start + bare.length
    return { start, end }
  })
}

/** Tokenizes a text as a tokenizer of this kind may, framed by special tokens. */
function tokenized(text: string, pieces: readonly string[], kind: PieceKind): TokenizedText {
  const spans = spansOf(text, pieces, kind)
  const special = (name: string, at: number): Token => ({
    id: 0,
    text: name,
    special: true,
    start: at,
    end: at,
  })
  const tokens = [
    special('<s>', 0),
    ...pieces.map((piece, i) => ({ id: i + 1, text: piece, special: false, ...spans[i] })),
    special('</s>', text.length),
  ]
  return { text, tokens, truncatedAt: null, totalTokens: tokens.length, totalIsAtLeast: false }
}

const TEXT = 'Wonderful film, naïve ending'
const WORD_PIECE = ['wonder', '##ful', 'film', ',', 'naive', 'ending']
const BYTE_LEVEL = ['W', 'onderful', 'Ġfilm', ',', 'Ġna', 'Ã¯', 've', 'Ġending']
const SENTENCE_PIECE = ['▁Won', 'derful', '▁film', ',', '▁naïve', '▁end', 'ing']

const wordPiece = tokenized(TEXT, WORD_PIECE, 'word-piece')
const byteLevel = tokenized(TEXT, BYTE_LEVEL, 'byte-level')
const sentencePiece = tokenized(TEXT, SENTENCE_PIECE, 'sentence-piece')

const namesOf = ({ tokens }: TokenizedText, positions: readonly number[]) =>
  positions.map((position) => tokens[position].text)

/** Returns the counterparts of each token of the first, as `wonder: W onderful`. */
function opposites(first: TokenizedText, second: TokenizedText): string[] {
  const { toSecond } = alignByOffsets(first.tokens, second.tokens)
  return first.tokens.map(({ text }, i) => `${text}: ${namesOf(second, toSecond[i]).join(' ')}`.trim())
}

describe('two tokenizers on one text', () => {
  it('WordPiece against byte-level BPE', () => {
    expect(opposites(wordPiece, byteLevel)).toEqual([
      '<s>:',
      'wonder: W onderful',
      '##ful: onderful',
      'film: Ġfilm',
      ',: ,',
      'naive: Ġna Ã¯ ve',
      'ending: Ġending',
      '</s>:',
    ])
  })

  it('byte-level BPE against SentencePiece, and back', () => {
    expect(opposites(byteLevel, sentencePiece)).toEqual([
      '<s>:',
      'W: ▁Won',
      'onderful: ▁Won derful',
      'Ġfilm: ▁film',
      ',: ,',
      'Ġna: ▁naïve',
      'Ã¯: ▁naïve',
      've: ▁naïve',
      'Ġending: ▁end ing',
      '</s>:',
    ])
    expect(opposites(sentencePiece, byteLevel)[5]).toBe('▁naïve: Ġna Ã¯ ve')
  })

  it('bytes of one character share it, and what only one of them spells has no counterpart', () => {
    const text = '😍 ok\n'
    const bytes = tokenized(text, ['ðŁ', 'ĺį', 'Ġok', 'Ċ'], 'byte-level')
    const unknown = tokenized(text, ['[UNK]', 'ok'], 'word-piece')
    expect(opposites(bytes, unknown)).toEqual(['<s>:', 'ðŁ: [UNK]', 'ĺį: [UNK]', 'Ġok: ok', 'Ċ:', '</s>:'])
    expect(opposites(unknown, bytes)[1]).toBe('[UNK]: ðŁ ĺį')
  })

  it('hangs together in blocks that cover every token once, in order', () => {
    const blocks = alignedBlocks(
      alignByOffsets(wordPiece.tokens, sentencePiece.tokens),
      wordPiece.tokens,
      sentencePiece.tokens,
    )
    expect(blocks.map(({ first }) => namesOf(wordPiece, first))).toEqual([
      ['wonder', '##ful'],
      ['film'],
      [','],
      ['naive'],
      ['ending'],
    ])
    expect(blocks.map(({ second }) => namesOf(sentencePiece, second))).toEqual([
      ['▁Won', 'derful'],
      ['▁film'],
      [','],
      ['▁naïve'],
      ['▁end', 'ing'],
    ])
  })

  it('whatever the cuts: both ways the same, and blocks in order that cover every token once', () => {
    const cuts = fc.array(fc.nat({ max: 12 }), { maxLength: 12 })
    const tokensAt = (at: readonly number[]): Token[] => {
      const ends = [...new Set([...at, 12])].sort((a, b) => a - b).filter((end) => end > 0)
      return ends.map((end, i) => ({ id: i, text: 'x', special: false, start: ends[i - 1] ?? 0, end }))
    }
    fc.assert(
      fc.property(cuts, cuts, (a, b) => {
        const [first, second] = [tokensAt(a), tokensAt(b)]
        const alignment = alignByOffsets(first, second)
        const back = alignByOffsets(second, first)
        expect(alignment).toEqual({ toSecond: back.toFirst, toFirst: back.toSecond })
        const blocks = alignedBlocks(alignment, first, second)
        expect(blocks.flatMap((block) => block.first)).toEqual([...first.keys()])
        expect(blocks.flatMap((block) => block.second)).toEqual([...second.keys()])
        for (const block of blocks) {
          expect(first[block.first[0]].start).toBe(second[block.second[0]].start)
          expect(first[block.first.at(-1) ?? -1].end).toBe(second[block.second.at(-1) ?? -1].end)
        }
      }),
      { seed: 5, numRuns: 500 },
    )
  })
})

describe('two texts', () => {
  const words = (text: string) => tokenized(text, text.split(' '), 'word-piece')
  const first = words('the film was long and slow')
  const second = words('the last film was fast and dull')
  const alignment = alignByDiff(first, second, true)

  it('are aligned by what they have in common; the rest has no counterpart', () => {
    const found = first.tokens.map(({ text }, i) => [text, namesOf(second, alignment.toSecond[i])])
    expect(found).toEqual([
      ['<s>', []],
      ['the', ['the']],
      ['film', ['film']],
      ['was', ['was']],
      ['long', []],
      ['and', ['and']],
      ['slow', []],
      ['</s>', []],
    ])
  })

  it('stand in blocks with what is only in one of them in its place', () => {
    const shown = ({ first: ours, second: theirs }: AlignedBlock) =>
      `${namesOf(first, ours)}|${namesOf(second, theirs)}`
    expect(alignedBlocks(alignment, first.tokens, second.tokens).map(shown)).toEqual([
      'the|the',
      '|last',
      'film|film',
      'was|was',
      'long|',
      '|fast',
      'and|and',
      'slow|',
      '|dull',
    ])
  })

  it('of two tokenizers are compared as the texts spell them', () => {
    const other = tokenized('A Film', ['▁A', '▁Film'], 'sentence-piece')
    expect(alignByDiff(words('a film'), other, false).toSecond).toEqual([[], [1], [2], []])
    expect(alignByDiff(words('a film'), other, true).toSecond).toEqual([[], [], [], []])
  })
})
