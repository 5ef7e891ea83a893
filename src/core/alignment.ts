import { matchPieces } from './alignmentMatch'
import type { Span } from './alignmentUnits'
import { bareText } from './token'
import type { PieceKind } from './tokenPieces'

export type { Span } from './alignmentUnits'

interface Character extends Span {
  /** As the tokenizer compares it: lower case, no accents; empty for what it drops. */
  readonly folded: string
  readonly space: boolean
  /** Stands as a word of its own: punctuation, CJK. */
  readonly alone: boolean
}

const SPACE = /^[^\S\ufeff]$/u
const PUNCTUATION = /^[\p{P}$+<=>^`|~]$/u
/** What BERT's normaliser leaves out; a lone surrogate is Cs, private use Co. */
const DROPPED = /^[\p{Cc}\p{Cf}\p{Co}\p{Cs}\p{Mn}\ufffd]$/u
const IDEOGRAPH = /^\p{Script=Han}$/u

function fold(text: string): string {
  return text
    .normalize('NFD')
    .replace(/\p{Mn}/gu, '')
    .toLowerCase()
    .normalize('NFD')
    .replace(/\p{Mn}/gu, '')
}

function charactersOf(text: string): Character[] {
  const characters: Character[] = []
  let start = 0
  for (const symbol of text) {
    const end = start + symbol.length
    const space = SPACE.test(symbol)
    characters.push({
      start,
      end,
      space,
      folded: space || DROPPED.test(symbol) ? '' : fold(symbol),
      alone: PUNCTUATION.test(symbol) || IDEOGRAPH.test(symbol),
    })
    start = end
  }
  return characters
}

/** Index after the word that begins at `from`, as BERT's pre-tokenizer cuts words. */
function wordEnd(characters: readonly Character[], from: number): number {
  if (characters[from]?.alone) return from + 1
  let i = from
  while (i < characters.length && !characters[i].space && !characters[i].alone) i++
  return i
}

/** Index after a special token that the text spells out ("[MASK]"), or null. */
function literalEnd(
  characters: readonly Character[],
  from: number,
  text: string,
  piece: string,
): number | null {
  const start = characters[from]?.start
  if (start === undefined || !piece.startsWith('[') || !text.startsWith(piece, start)) return null
  let i = from
  while (i < characters.length && characters[i].end < start + piece.length) i++
  return i + 1
}

/** Index after the characters that spell `wanted` from `from`, or null where they do not. */
function matchEnd(characters: readonly Character[], from: number, wanted: string): number | null {
  let spelled = ''
  let i = from
  while (spelled.length < wanted.length && i < characters.length && !(characters[i].space && spelled)) {
    spelled += characters[i].folded
    i++
  }
  if (spelled !== wanted) return null
  // Combining marks belong to the letter before them.
  while (i < characters.length && !characters[i].space && characters[i].folded === '') i++
  return i
}

/** The place of each WordPiece: an unknown token takes the whole word it stands for. */
function matchWordPieces(text: string, pieces: readonly string[], unknown: string): Span[] {
  const characters = charactersOf(text)
  const offset = (index: number) => characters[index]?.start ?? text.length
  let next = 0
  return pieces.map((piece) => {
    while (next < characters.length && (characters[next].space || characters[next].folded === '')) next++
    const start = next
    const end =
      literalEnd(characters, start, text, piece) ??
      (piece === unknown ? wordEnd(characters, start) : matchEnd(characters, start, fold(bareText(piece))))
    if (end === null || end <= start) return { start: offset(start), end: offset(start) }
    next = end
    return { start: characters[start].start, end: characters[end - 1].end }
  })
}

/**
 * The place of each token in the text it came from: the tokenizer lower-cases, strips accents, composes characters,
 * drops controls, cuts characters into bytes, and reports no offsets. Pieces are matched in reading order. A span leaves
 * out the spaces around a word, takes in the marks behind a letter, and is the whole character's where a piece is part
 * of one.
 *
 * @param pieces vocabulary entries in order, special tokens of the template left out
 * @param unknown the vocabulary's unknown token; empty where it has none
 * @param kind how the vocabulary writes its pieces
 * @returns one span a piece, starts and ends ascending; an empty one where a piece spells nothing of the text
 */
export function alignPieces(
  text: string,
  pieces: readonly string[],
  unknown: string,
  kind: PieceKind = 'word-piece',
): Span[] {
  return kind === 'word-piece'
    ? matchWordPieces(text, pieces, unknown)
    : matchPieces(text, pieces, kind, (piece) => piece !== '' && piece === unknown)
}
