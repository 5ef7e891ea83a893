import { bareText, isContinuation, type Token, type TokenizedText } from '../core/token'

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

function seamOf(tokens: readonly Token[], position: number): ReviewPiece['seam'] {
  const continues = isContinuation(tokens[position].text)
  const next = tokens[position + 1]
  const continued = next !== undefined && isContinuation(next.text)
  if (continues) return continued ? 'middle' : 'end'
  return continued && !tokens[position].special ? 'start' : null
}

/** Where each token stands in the review's own spelling. O(tokens), whatever the length of the text. */
export function layOutReview({ text, tokens, truncatedAt }: TokenizedText): ReviewLayout {
  const words: { gap: string; pieces: ReviewPiece[]; breakable: boolean }[] = []
  const end = truncatedAt ?? text.length
  let cursor = 0
  let length = 0
  tokens.forEach((token, position) => {
    const standsForText = token.end > token.start && token.start >= cursor
    const gap = standsForText ? bounded(text.slice(cursor, token.start)) : ''
    const piece: ReviewPiece = {
      position,
      label: standsForText ? text.slice(token.start, token.end) : bareText(token.text),
      special: token.special,
      seam: seamOf(tokens, position),
    }
    if (gap !== '' || words.length === 0 || token.special || words[words.length - 1].pieces[0].special) {
      words.push({ gap, pieces: [], breakable: false })
      length = 0
    }
    const word = words[words.length - 1]
    word.pieces.push(piece)
    length += piece.label.length
    word.breakable = length > UNBROKEN_LIMIT
    if (standsForText) cursor = token.end
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
