import { bareText, isContinuation, type TokenizedText } from '../../core/token'
import type { PieceKind } from '../../core/tokenPieces'

/** Characters shown of what the model does not read. */
const TAIL_LIMIT = 2000
/** Characters shown of one gap between tokens. */
const GAP_LIMIT = 120
/** Past this a word may break between its pieces: an unbroken one would leave a phone's screen. */
const UNBROKEN_LIMIT = 24

export interface ReviewPiece {
  readonly position: number
  /** As the review spells it; the vocabulary's entry where the token stands for no text. */
  readonly label: string
  readonly special: boolean
  /** Where it stands in a word cut into pieces; null for a whole word. */
  readonly seam: 'start' | 'middle' | 'end' | null
}

/** Tokens with nothing between them: a word, its pieces, its comma. */
export interface ReviewWord {
  /** Spaces and line breaks before it. */
  readonly gap: string
  readonly pieces: readonly ReviewPiece[]
  readonly breakable: boolean
}

export interface ReviewLayout {
  readonly words: readonly ReviewWord[]
  /** Text behind the last token, which the model reads as nothing. */
  readonly rest: string
  readonly truncated: {
    /** What follows the mark, at most 2,000 characters. */
    readonly tail: string
    /** Characters behind the tail. */
    readonly hidden: number
  } | null
}

function bounded(gap: string): string {
  return gap.length > GAP_LIMIT ? `${gap.slice(0, GAP_LIMIT)}…` : gap
}

const LETTER_BEFORE = /[\p{L}\p{M}\p{N}]$/u
const LETTER_BEHIND = /^[\p{L}\p{M}\p{N}]/u

/**
 * Whether a token goes on the word before it. Where the vocabulary marks only what follows a space, a comma and the first
 * word of a text are unmarked too: there the text decides.
 */
function goesOn({ text, tokens }: TokenizedText, position: number, kind: PieceKind): boolean {
  const token = tokens[position]
  if (token === undefined || !isContinuation(token.text, kind)) return false
  if (kind === 'word-piece') return true
  const before = tokens[position - 1]
  if (token.special || before === undefined || before.special || token.start > before.end) return false
  return (
    LETTER_BEFORE.test(text.slice(before.start, before.end)) &&
    LETTER_BEHIND.test(text.slice(token.start, token.end))
  )
}

function seamOf(tokenized: TokenizedText, position: number, kind: PieceKind): ReviewPiece['seam'] {
  const { tokens } = tokenized
  const continues = goesOn(tokenized, position, kind)
  const continued = goesOn(tokenized, position + 1, kind)
  if (continues) return continued ? 'middle' : 'end'
  return continued && !tokens[position].special ? 'start' : null
}

/**
 * Where each token stands in the review's own spelling. O(tokens), whatever the length of the text. Of tokens that share
 * a character the first shows it, the others their bytes; a token of white space shows a sign for it.
 */
export function layOutReview(tokenized: TokenizedText, kind: PieceKind = 'word-piece'): ReviewLayout {
  const { text, tokens, truncatedAt } = tokenized
  const words: { gap: string; pieces: ReviewPiece[]; breakable: boolean }[] = []
  const end = truncatedAt ?? text.length
  let cursor = 0
  let length = 0
  tokens.forEach((token, position) => {
    const standsForText = token.end > token.start && token.start >= cursor
    const gap = standsForText ? bounded(text.slice(cursor, token.start)) : ''
    const spelled = standsForText ? text.slice(token.start, token.end) : ''
    const piece: ReviewPiece = {
      position,
      label: spelled.trim() === '' ? bareText(token.text, kind) : spelled,
      special: token.special,
      seam: seamOf(tokenized, position, kind),
    }
    if (gap !== '' || words.length === 0 || token.special || words[words.length - 1].pieces[0].special) {
      words.push({ gap, pieces: [], breakable: false })
      length = 0
    }
    const word = words[words.length - 1]
    word.pieces.push(piece)
    length += piece.label.length
    word.breakable = length > UNBROKEN_LIMIT
    if (token.end > token.start) cursor = Math.max(cursor, token.end)
  })
  return {
    words,
    rest: truncatedAt === null ? bounded(text.slice(cursor, end)) : '',
    truncated:
      truncatedAt === null
        ? null
        : {
            tail: text.slice(truncatedAt, truncatedAt + TAIL_LIMIT),
            hidden: Math.max(0, text.length - truncatedAt - TAIL_LIMIT),
          },
  }
}

/** Spaces and line breaks made visible. */
export function visibleSpaces(gap: string): string {
  return gap.replaceAll(' ', '·').replaceAll('\t', '→\t').replaceAll('\n', '↵\n').replaceAll('\u00a0', '⍽')
}
