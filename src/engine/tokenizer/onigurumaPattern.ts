import { fail } from '../../core/failure'
import { foldsOfSeveral } from './foldsOfSeveral'

/** Holds letters, marks, digits and connectors without the joiners, and the digits of Latin-1: `\w` of Oniguruma. */
const WORD_RANGES = '\\w&&[^\\x{200c}\\x{200d}]'
const LATIN_DIGITS = '\\x{b2}\\x{b3}\\x{b9}\\x{bc}-\\x{be}'
const WORD = `[[${WORD_RANGES}]${LATIN_DIGITS}]`
const NO_WORD = `[^[${WORD_RANGES}]${LATIN_DIGITS}]`
const GRAPH = '[^\\s\\p{Cc}\\p{Cn}\\p{Cs}]'
const PRINT = `[${GRAPH}\\p{Zs}]`

/** Holds what is written for an escape that stands by itself. */
const ALONE = new Map([
  ['\\w', WORD],
  ['\\W', NO_WORD],
  ['\\p{word}', WORD],
  ['\\P{word}', NO_WORD],
  ['\\b', `(?:(?<=${WORD})(?!${WORD})|(?<!${WORD})(?=${WORD}))`],
  ['\\B', `(?:(?<=${WORD})(?=${WORD})|(?<!${WORD})(?!${WORD}))`],
])

/** Holds the same within a class, where Oniguruma leaves the digits of Latin-1 out and `\b` is another sign. */
const IN_CLASS = new Map([
  ['\\w', `[${WORD_RANGES}]`],
  ['\\W', '\\W\\x{200c}\\x{200d}'],
  ['\\p{word}', `[${WORD_RANGES}]`],
  ['\\P{word}', '\\W\\x{200c}\\x{200d}'],
])

/** Holds what is written for properties whose meaning differs, inside classes and out. */
const PROPERTIES = new Map([
  ['\\p{graph}', GRAPH],
  ['\\P{graph}', `[^${GRAPH}]`],
  ['\\p{print}', PRINT],
  ['\\P{print}', `[^${PRINT}]`],
])

/** Holds what is written for POSIX classes that the engine has in ASCII alone. */
const POSIX_CLASSES = new Map([
  ['[:graph:]', GRAPH],
  ['[:print:]', PRINT],
  ['[:word:]', `[${WORD_RANGES}]`],
  ['[:punct:]', '\\p{P}\\p{S}'],
  ['[:cntrl:]', '\\p{Cc}'],
  ['[:xdigit:]', '0-9A-Fa-f'],
  ['[:blank:]', '\\p{Zs}\\t'],
])

/** Properties that are the same whatever the case. */
const CASELESS = /^\^?(?:L|M|N|Nd|P|S|Z|Han|Letter)$/i

/** A range, or a property with its script in words, as other engines write them. */
const FOREIGN_PROPERTY = /^\^?is|[=:&]/i

const ESCAPE = /\\(?:[pP]\{[^}]*\}|x\{[^}]*\}|x[0-9A-Fa-f]{1,2}|u[0-9A-Fa-f]{4}|.)/suy
const GROUP = /\(\?([A-Za-z]*)(?:-([A-Za-z]*))?([:)])/y
const POSIX = /\[:\^?[a-z]+:\]/y
const ANY = /./suy

function at(pattern: RegExp, text: string, index: number): RegExpExecArray | null {
  pattern.lastIndex = index
  return pattern.exec(text)
}

/** Returns the character that an escape stands for; null where it stands for several, or for a place. */
function characterOf(sign: string): string | null {
  const code = /^\\(?:x\{([0-9A-Fa-f]+)\}|[xu]([0-9A-Fa-f]+))$/.exec(sign)
  if (code) {
    const number = Number.parseInt(code[1] ?? code[2], 16)
    return number <= 0x10ffff ? String.fromCodePoint(number) : null
  }
  return /^\\[^A-Za-z0-9]$/u.test(sign) ? sign.slice(1) : null
}

/** Writes one pattern. Groups are followed for the flag `i`, classes for ranges. */
class PatternWriter {
  private index = 0
  /** Says whether case is ignored, in the group that is open and in those around it. */
  private readonly ignoring = [false]
  /** Letters that stand side by side where case is ignored. */
  private run = ''

  constructor(private readonly pattern: string) {}

  write(): string {
    let written = ''
    while (this.index < this.pattern.length) written += this.next()
    return written
  }

  private refuse(what: string): never {
    return fail(
      'unsupported-model',
      `tokenizer.json has a pattern with ${what}, which is not read: ${this.pattern.slice(0, 200)}`,
    )
  }

  private get ignoresCase(): boolean {
    return this.ignoring[this.ignoring.length - 1]
  }

  /** Takes a character, whole. */
  private take(): string {
    const [character] = at(ANY, this.pattern, this.index) ?? ['']
    this.index += character.length
    return character
  }

  private next(): string {
    const { pattern, index } = this
    switch (pattern[index]) {
      case '\\':
        return this.escape(ALONE)
      case '[':
        this.run = ''
        return this.characterClass()
      case '(':
        this.run = ''
        return this.group()
      case ')':
        this.run = ''
        if (this.ignoring.length > 1) this.ignoring.pop()
        return this.take()
      default: {
        const character = this.take()
        if ('|.^$*+?{}'.includes(character)) this.run = ''
        else this.literal(character)
        return character
      }
    }
  }

  private group(): string {
    const { pattern, index } = this
    const flags = at(GROUP, pattern, index)
    if (!flags) {
      this.ignoring.push(this.ignoresCase)
      return this.take()
    }
    const [whole, on, off = '', end] = flags
    if (/[^imx]/.test(on + off)) this.refuse(`the flag ${whole}`)
    const ignores = on.includes('i') || (this.ignoresCase && !off.includes('i'))
    if (end === ')') this.ignoring[this.ignoring.length - 1] = ignores
    else this.ignoring.push(ignores)
    this.index += whole.length
    return whole
  }

  /** Refuses letters whose case is another number of letters: `ss` and `ß`. */
  private literal(character: string): void {
    if (!this.ignoresCase) return
    this.run += character.toLowerCase()
    const { characters, sequences } = foldsOfSeveral()
    const found = characters.has(character) || sequences.some((letters) => this.run.endsWith(letters))
    if (found) this.refuse(`${this.run} regardless of case`)
  }

  private escape(words: ReadonlyMap<string, string>): string {
    const { pattern, index } = this
    const [written] = at(ESCAPE, pattern, index) ?? [pattern.slice(index)]
    this.index += written.length
    const character = characterOf(written)
    if (character !== null) {
      this.literal(character)
      return written
    }
    this.run = ''
    if (written === '\\G') this.refuse(written)
    if (written === '\\u') this.refuse('\\u without four digits')
    // Without braces no property is named.
    if (written === '\\p' || written === '\\P') {
      this.literal(written[1])
      return written[1]
    }
    const [, sign, negated, name] = /^\\([pP])\{(\^?)([^}]*)\}$/.exec(written) ?? []
    if (name === undefined) return words.get(written) ?? written
    if (FOREIGN_PROPERTY.test(name)) this.refuse(written)
    if (this.ignoresCase && !CASELESS.test(name)) this.refuse(`${written} regardless of case`)
    const isNegated = (sign === 'P') !== (negated === '^')
    const plain = `\\${isNegated ? 'P' : 'p'}{${name.toLowerCase()}}`
    return words.get(plain) ?? PROPERTIES.get(plain) ?? written
  }

  /** Writes a class so that signs which only other engines read in it are characters. */
  private characterClass(): string {
    const { pattern } = this
    let written = this.take()
    if (pattern[this.index] === '^') written += this.take()
    if (pattern[this.index] === ']' && pattern.includes(']', this.index + 1)) {
      this.take()
      written += '\\]'
    }
    /** Says whether a range may begin at what was written last: a character of no range. */
    let mayBegin = written.endsWith('\\]')
    let start: string | null = mayBegin ? ']' : null
    let isFirst = !mayBegin
    while (this.index < pattern.length && pattern[this.index] !== ']') {
      if (pattern.startsWith('&&', this.index)) {
        written += this.take() + this.take()
        mayBegin = false
        continue
      }
      const isDash = pattern[this.index] === '-'
      if (isDash && mayBegin && pattern[this.index + 1] !== ']') {
        written += this.take()
        const end = this.member()
        this.range(start, end.character)
        written += end.written
        mayBegin = false
        continue
      }
      // Behind a range or another class Oniguruma finds no range in this.
      if (isDash && !isFirst && pattern[this.index + 1] === '-') this.refuse('-- in a class')
      isFirst = false
      const { character, written: member } = this.member()
      written += member
      mayBegin = character !== null
      start = character
    }
    this.run = ''
    return written + this.take()
  }

  /** Writes one member of a class; a character where it is one. */
  private member(): { readonly written: string; readonly character: string | null } {
    const { pattern, index } = this
    this.run = ''
    const posix = at(POSIX, pattern, index)
    if (posix) {
      this.index += posix[0].length
      return { written: POSIX_CLASSES.get(posix[0]) ?? posix[0], character: null }
    }
    if (pattern[index] === '[') return { written: this.characterClass(), character: null }
    if (pattern[index] === '\\') {
      const written = this.escape(IN_CLASS)
      return { written, character: characterOf(written) ?? (written.length === 1 ? written : null) }
    }
    const character = this.take()
    this.literal(character)
    return { written: '-~:&'.includes(character) ? `\\${character}` : character, character }
  }

  private range(start: string | null, end: string | null): void {
    if (!this.ignoresCase || start === null || end === null) return
    const [first, last] = [start, end].map((character) => character.codePointAt(0) ?? 0)
    for (const character of foldsOfSeveral().characters) {
      const code = character.codePointAt(0) ?? 0
      if (code >= first && code <= last) this.refuse(`${start}-${end} regardless of case`)
    }
  }
}

/**
 * Writes a pattern so that the engine of tokenizers.wasm reads it as Oniguruma does, which Python's `tokenizers` has.
 *
 * @throws FailureError `unsupported-model` that names what the engine would read otherwise
 */
export const onigurumaPattern = (pattern: string): string => new PatternWriter(pattern).write()
