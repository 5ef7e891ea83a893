import { type PieceKind, spelledText } from './tokenPieces'

/** Describes one token of a review as the model reads it. */
export interface Token {
  readonly id: number
  /** Entry of the vocabulary: `wonder`, `##ful`, `Ġfilm`, `[CLS]`. */
  readonly text: string
  /** True for [CLS], [SEP], [PAD], `<s>`, `</s>`: never a candidate for substitution. */
  readonly special: boolean
  /** UTF-16 offsets into the review; equal if the token stands for no text of it. */
  readonly start: number
  readonly end: number
}

/** Holds a review as the model reads it, special tokens included. */
export interface TokenizedText {
  readonly text: string
  readonly tokens: readonly Token[]
  /** Offset in `text` where the model stops reading; null if it reads to the end. */
  readonly truncatedAt: number | null
  /** Offset in `text` where the model begins to read, if it is cut at its beginning; absent: at 0. */
  readonly readFrom?: number
  /** Number of tokens of the whole text; a lower bound with `totalIsAtLeast`, for very long texts. */
  readonly totalTokens: number
  readonly totalIsAtLeast: boolean
}

export function inputIdsOf(tokenized: TokenizedText): number[] {
  return tokenized.tokens.map((token) => token.id)
}

/**
 * Says whether a vocabulary entry continues a word: WordPiece's `##`; in the other kinds, an entry that does not begin
 * with a space. Punctuation and the first word of a text are such entries too.
 */
export function isContinuation(text: string, kind: PieceKind = 'word-piece'): boolean {
  if (kind === 'word-piece') return text.length > 2 && text.startsWith('##')
  return text !== '' && !/^\s/u.test(spelledText(text, kind))
}

const SHOWN_SPACES: Readonly<Record<string, string>> = { ' ': '\u2423', '\n': '↵', '\r': '␍', '\t': '⇥' }

const showSpaces = (text: string) => text.replace(/\s/gu, (space) => SHOWN_SPACES[space] ?? '\u2423')

/** Makes control characters visible: line breaks and tabs by a sign, others by their code. */
function showControls(text: string): string {
  return text.replace(/\p{Cc}/gu, (control) => {
    const code = control.charCodeAt(0).toString(16).toUpperCase().padStart(2, '0')
    return SHOWN_SPACES[control] ?? `<0x${code}>`
  })
}

/**
 * Returns a vocabulary entry as a word in running text: without its mark, its bytes decoded. An entry of white space
 * alone, and line breaks in any entry, are shown by a sign; control characters and the bytes of an incomplete character
 * by their codes, `<0xE2>`.
 */
export function bareText(text: string, kind: PieceKind = 'word-piece'): string {
  if (kind === 'word-piece') return isContinuation(text) ? text.slice(2) : text
  const spelled = spelledText(text, kind)
  if (/^\s+$/u.test(spelled)) return showSpaces(spelled)
  return showControls(spelled.replace(/^ /, ''))
}

/**
 * Returns a vocabulary entry for a list of entries, where one that begins a word must not look like one that continues
 * it: WordPieces as they are (`##ful`), the others with a sign for their space (`␣film`).
 */
export function entryLabel(text: string, kind: PieceKind = 'word-piece'): string {
  if (kind === 'word-piece') return text
  const bare = bareText(text, kind)
  return /^ \S/u.test(spelledText(text, kind)) ? `${SHOWN_SPACES[' ']}${bare}` : bare
}
