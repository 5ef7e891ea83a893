import { type PieceKind, spelledText } from '../../core/text/tokenPieces'
import type { Encoding } from './wasmTokenizer'

/** Locates a token in the text: UTF-16 offsets, end exclusive. */
export interface Span {
  readonly start: number
  readonly end: number
}

const SPACE = /^[^\S\ufeff]$/u
const SPACES = /^[^\S\ufeff]*$/u
/** Characters that a normaliser drops and that belong to the letter before: marks, controls, format characters. */
const DROPPED = /^[\p{M}\p{Cc}\p{Cf}\ufffd]$/u

/**
 * Turns the offsets of tokens into the places where a reader sees them: without the spaces around a word, with the
 * marks after a letter that no token covers, and empty for a space that the text has not.
 *
 * @param pieces vocabulary entry of each token
 */
export function tokenSpans(
  text: string,
  { starts, ends }: Pick<Encoding, 'starts' | 'ends'>,
  pieces: readonly string[],
  kind: PieceKind,
): Span[] {
  const covered = new Uint8Array(text.length)
  for (const [i, start] of starts.entries()) covered.fill(1, start, ends[i])
  return pieces.map((piece, i) => {
    let [start, end] = [starts[i], ends[i]]
    if (!SPACES.test(text.slice(start, end))) {
      const marksSpace = kind !== 'word-piece' && piece !== '' && SPACES.test(spelledText(piece, kind))
      if (marksSpace) return { start, end: start }
      while (SPACE.test(text[start])) start++
      while (SPACE.test(text[end - 1])) end--
    }
    if (end > start) {
      while (end < text.length && !covered[end] && DROPPED.test(text[end]) && !SPACE.test(text[end])) end++
    }
    return { start, end }
  })
}
