/** Holds a text of a corpus and the row it came from. */
export interface CorpusText {
  /** Row from 0, malformed rows not counted. */
  readonly row: number
  readonly text: string
  /** Value of the label column, as the file has it; absent where none is read, or the cell is empty. */
  readonly label?: string
}

/** Limits of one call of `CorpusEngine.encodeTexts`, so that the user's own requests never wait long behind it. */
export const MAX_TEXTS_PER_CALL = 64
export const MAX_CHARACTERS_PER_CALL = 100_000

/**
 * Largest number of characters of a text that are stored; more are only counted: no model reads as far, and Explore's
 * tokenizer stops there too.
 */
export const MAX_KEPT_CHARACTERS = 100_000

const isLowSurrogate = (text: string, index: number) => (text.charCodeAt(index) & 0xfc00) === 0xdc00

/** Returns an end that never splits a character. */
function safeEnd(text: string, end: number): number {
  return end < text.length && isLowSurrogate(text, end) ? end - 1 : end
}

/**
 * Returns the beginning of a text, as much of it as is stored. It is a copy: a part of a longer string keeps all of
 * that string in memory, and rows are parts of the file's.
 */
export function keptText(text: string): string {
  const kept = text.length > MAX_KEPT_CHARACTERS ? text.slice(0, safeEnd(text, MAX_KEPT_CHARACTERS)) : text
  return JSON.parse(JSON.stringify(kept))
}

/**
 * Splits a text into parts that give the same tokens as the whole: cut before white space, where every tokenizer ends a
 * word; inside a word only if it alone is longer than a call may be.
 */
export function* textParts(text: string, maxCharacters = MAX_CHARACTERS_PER_CALL): Generator<string> {
  let start = 0
  while (text.length - start > maxCharacters) {
    let end = start + maxCharacters
    while (end > start && !/\s/.test(text[end])) end--
    if (end === start) end = safeEnd(text, start + maxCharacters)
    yield text.slice(start, end)
    start = end
  }
  yield text.slice(start)
}

/** Groups texts into calls: each respects `count` and `characters`, except for a single text that is longer. */
export function* callsOf(
  texts: Iterable<string>,
  count = MAX_TEXTS_PER_CALL,
  characters = MAX_CHARACTERS_PER_CALL,
): Generator<string[]> {
  let call: string[] = []
  let size = 0
  for (const text of texts) {
    if (call.length > 0 && (call.length === count || size + text.length > characters)) {
      yield call
      call = []
      size = 0
    }
    call.push(text)
    size += text.length
  }
  if (call.length > 0) yield call
}
