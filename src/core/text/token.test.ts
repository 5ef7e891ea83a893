import { describe, expect, it } from 'vitest'
import { bareText, entryLabel, isContinuation } from './token'
import { type PieceKind, pieceBytes, pieceKindOf } from './tokenPieces'

describe('pieceKindOf', () => {
  it.each<[PieceKind, string[]]>([
    ['word-piece', ['[CLS]', 'film', '##s', 'a']],
    ['word-piece', ['a', 'b']],
    ['byte-level', ['film', 'Ġfilm', 'Ġthe', '####']],
    ['sentence-piece', ['▁film', '▁the', 's', 'Ġ']],
  ])('finds %s by the mark of most entries', (kind, vocabulary) => {
    expect(pieceKindOf(vocabulary)).toBe(kind)
  })
})

describe('labels of entries', () => {
  it.each<[PieceKind, string, string, string, boolean]>([
    ['word-piece', '##ful', 'ful', '##ful', true],
    ['word-piece', 'film', 'film', 'film', false],
    ['word-piece', '##', '##', '##', false],
    ['word-piece', 'Ġfilm', 'Ġfilm', 'Ġfilm', false],
    ['byte-level', 'Ġfilm', 'film', '␣film', false],
    ['byte-level', 'film', 'film', 'film', true],
    ['byte-level', 'cafÃ©', 'café', 'café', true],
    ['byte-level', 'Ġå¥½', '好', '␣好', false],
    ['byte-level', 'ðŁĺĢ', '😀', '😀', true],
    ['byte-level', 'ĠðŁĺ', '<0xF0><0x9F><0x98>', '␣<0xF0><0x9F><0x98>', false],
    ['byte-level', 'Ģa', '<0x80>a', '<0x80>a', true],
    ['byte-level', 'Ġ', '␣', '␣', false],
    ['byte-level', 'ĊĊ', '↵↵', '↵↵', false],
    ['byte-level', 'ĠĠ', '␣␣', '␣␣', false],
    ['byte-level', ';Ċ', ';↵', ';↵', true],
    ['byte-level', 'Ā', '<0x00>', '<0x00>', true],
    ['byte-level', 'Ġġ', '<0x7F>', '␣<0x7F>', false],
    ['byte-level', '<|endoftext|>', '<|endoftext|>', '<|endoftext|>', true],
    ['byte-level', '<｜end▁of▁text｜>', '<｜end▁of▁text｜>', '<｜end▁of▁text｜>', true],
    ['sentence-piece', '▁film', 'film', '␣film', false],
    ['sentence-piece', 'ful', 'ful', 'ful', true],
    ['sentence-piece', '▁', '␣', '␣', false],
    ['sentence-piece', '<0xE2>', '<0xE2>', '<0xE2>', true],
    ['sentence-piece', '▁New▁York', 'New York', '␣New York', false],
  ])('%s %s', (kind, entry, bare, label, continues) => {
    expect(bareText(entry, kind)).toBe(bare)
    expect(entryLabel(entry, kind)).toBe(label)
    expect(isContinuation(entry, kind)).toBe(continues)
  })

  it('reads WordPieces where no kind is given', () => {
    expect([bareText('##ful'), entryLabel('##ful'), isContinuation('##ful')]).toEqual(['ful', '##ful', true])
  })
})

describe('pieceBytes', () => {
  it('knows all 256 bytes of the alphabet, once each', () => {
    const characters = Array.from({ length: 0x144 }, (_, code) => String.fromCharCode(code))
    const bytes = characters.flatMap((character) => pieceBytes(character, 'byte-level') ?? [])
    expect(bytes.sort((a, b) => a - b)).toEqual(Array.from({ length: 256 }, (_, byte) => byte))
    expect(pieceBytes('Ġ', 'byte-level')).toEqual([0x20])
    expect(pieceBytes('Ċ', 'byte-level')).toEqual([0x0a])
  })

  it('takes entries that are text as text', () => {
    expect(pieceBytes('a b', 'byte-level')).toBeNull()
    expect(pieceBytes('▁a', 'sentence-piece')).toBeNull()
    expect(pieceBytes('##a', 'word-piece')).toBeNull()
  })
})
