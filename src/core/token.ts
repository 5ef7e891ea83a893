/** One token of a review as the model reads it. */
export interface Token {
  readonly id: number
  /** The vocabulary's own entry: `wonder`, `##ful`, `[CLS]`. */
  readonly text: string
  /** [CLS], [SEP], [PAD]: never a candidate for substitution. */
  readonly special: boolean
  /** UTF-16 offsets into the review; equal where the token stands for no text of it. */
  readonly start: number
  readonly end: number
}

/** A review as the model reads it, special tokens included. */
export interface TokenizedText {
  readonly text: string
  readonly tokens: readonly Token[]
  /** Offset in `text` where the model stops reading, or null where it reads all. */
  readonly truncatedAt: number | null
  /** Tokens that the whole text would have; with `totalIsAtLeast` a lower bound, for very long texts. */
  readonly totalTokens: number
  readonly totalIsAtLeast: boolean
}

export function inputIdsOf(tokenized: TokenizedText): number[] {
  return tokenized.tokens.map((token) => token.id)
}

/** Whether a vocabulary entry continues a word (WordPiece's `##`). */
export function isContinuation(text: string): boolean {
  return text.length > 2 && text.startsWith('##')
}

/** A vocabulary entry without its continuation mark. */
export function bareText(text: string): string {
  return isContinuation(text) ? text.slice(2) : text
}
