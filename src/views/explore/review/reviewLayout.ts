import { bareText, isContinuation, type TokenizedText } from '../../../core/text/token'
import type { PieceKind } from '../../../core/text/tokenPieces'

/** Number of characters shown of the text that the model does not read. */
const TAIL_LIMIT = 2000
/** Number of characters shown of one gap between tokens. */
const GAP_LIMIT = 120
/** Length of a word above which it may break between its pieces: an unbroken one would leave a phone's screen. */
const UNBROKEN_LIMIT = 24

export interface ReviewPiece {
  readonly position: number
  /** Text as the review spells it; the vocabulary's entry if the token covers no text. */
  readonly label: string
  readonly special: boolean
  /** Position of a piece within its word; null for a whole word. */
  readonly seam: 'start' | 'middle' | 'end' | null
}

/** Holds tokens with nothing between them: a word, its pieces, its comma. */
export interface ReviewWord {
  /** Spaces and line breaks before the word. */
  readonly gap: string
  readonly pieces: readonly ReviewPiece[]
  readonly breakable: boolean
}

export interface ReviewLayout {
  readonly words: readonly ReviewWord[]
  /** Text before the first token where the model begins to read later; null where it reads from the beginning. */
  readonly before: {
    /** Number of characters before `head`. */
    readonly hidden: number
    /** Last 2,000 characters, at most. */
    readonly head: string
  } | null
  /** Text after the last token, which the model does not read. */
  readonly rest: string
  readonly truncated: {
    /** First 2,000 characters, at most, after the mark. */
    readonly tail: string
    /** Number of characters after the tail. */
    readonly hidden: number
  } | null
}

function bounded(gap: string): string {
  return gap.length > GAP_LIMIT ? `${gap.slice(0, GAP_LIMIT)}…` : gap
}

const LETTER_BEFORE = /[\p{L}\p{M}\p{N}]$/u
const LETTER_BEHIND = /^[\p{L}\p{M}\p{N}]/u

/**
 * Says whether a token continues the word before it. If the vocabulary marks only tokens after a space, a comma and the
 * first word of a text are unmarked too: then the text decides.
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
 * Lays out each token in the review's own spelling. O(tokens), whatever the length of the text. Of tokens that share a
 * character the first shows it, the others their bytes; a token of white space shows a sign for it.
 */
export function layOutReview(tokenized: TokenizedText, kind: PieceKind = 'word-piece'): ReviewLayout {
  const { text, tokens, truncatedAt, readFrom = 0 } = tokenized
  const words: { gap: string; pieces: ReviewPiece[]; breakable: boolean }[] = []
  const end = truncatedAt ?? text.length
  let cursor = readFrom
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
  const headAt = Math.max(0, readFrom - TAIL_LIMIT)
  return {
    words,
    before: readFrom === 0 ? null : { hidden: headAt, head: text.slice(headAt, readFrom) },
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

/** Makes spaces and line breaks visible. */
export function visibleSpaces(gap: string): string {
  return gap.replaceAll(' ', '·').replaceAll('\t', '→\t').replaceAll('\n', '↵\n').replaceAll('\u00a0', '⍽')
}
