/** Holds letters, marks, digits and connectors without the joiners, and the digits of Latin-1: `\w` of Oniguruma. */
const WORD_RANGES = '\\w&&[^\\x{200c}\\x{200d}]'
const LATIN_DIGITS = '\\x{b2}\\x{b3}\\x{b9}\\x{bc}-\\x{be}'
const WORD = `[[${WORD_RANGES}]${LATIN_DIGITS}]`
const NO_WORD = `[^[${WORD_RANGES}]${LATIN_DIGITS}]`

/** Holds what is written for an escape that stands by itself. */
const ALONE = new Map([
  ['\\w', WORD],
  ['\\W', NO_WORD],
  ['\\p{word}', WORD],
  ['\\p{^word}', NO_WORD],
  ['\\P{word}', NO_WORD],
  ['\\b', `(?:(?<=${WORD})(?!${WORD})|(?<!${WORD})(?=${WORD}))`],
  ['\\B', `(?:(?<=${WORD})(?=${WORD})|(?<!${WORD})(?!${WORD}))`],
])

/** Holds the same within a class, where Oniguruma leaves the digits of Latin-1 out and `\b` is another sign. */
const IN_CLASS = new Map([
  ['\\w', `[${WORD_RANGES}]`],
  ['\\W', '\\W\\x{200c}\\x{200d}'],
  ['\\p{word}', `[${WORD_RANGES}]`],
  ['\\p{^word}', '\\W\\x{200c}\\x{200d}'],
  ['\\P{word}', '\\W\\x{200c}\\x{200d}'],
])

const PART = /\\[pP]\{\^?[Ww]ord\}|\\.|\[|\]|[^\\[\]]+/gsu

/**
 * Writes a pattern so that the engine of tokenizers.wasm reads it as Oniguruma does, which Python's `tokenizers` has: what a
 * word character is differs for joiners and for the digits of Latin-1. Other classes are the same over all of Unicode.
 */
export function onigurumaPattern(pattern: string): string {
  let depth = 0
  return pattern.replace(PART, (part) => {
    if (part === '[') depth++
    else if (part === ']') depth = Math.max(0, depth - 1)
    return (depth > 0 ? IN_CLASS : ALONE).get(part.replace('Word', 'word')) ?? part
  })
}
