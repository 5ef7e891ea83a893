/**
 * Names how a vocabulary writes its pieces. `word-piece`: `##` before a piece that continues a word (BERT).
 * `byte-level`: each character is a byte, `Ġ` a space (GPT-2, RoBERTa, Llama 3). `sentence-piece`: `▁` a space,
 * `<0xE2>` a byte (XLM-R, ALBERT, Llama 2).
 */
export type PieceKind = 'word-piece' | 'byte-level' | 'sentence-piece'

/** SentencePiece's space. */
export const SPACE_MARK = '\u2581'

const BYTE_LEVEL_SPACE = '\u0120'
const BYTE_PIECE = /^<0x[0-9A-F]{2}>$/

const kinds = new WeakMap<readonly string[], PieceKind>()

/** Returns the kind of a vocabulary, from the mark that most of its entries have; computed once per vocabulary. */
export function pieceKindOf(vocabulary: readonly string[]): PieceKind {
  const kept = kinds.get(vocabulary)
  if (kept) return kept
  let [continued, byteLevel, sentencePiece] = [0, 0, 0]
  for (const entry of vocabulary) {
    if (entry.length > 2 && entry.startsWith('##')) continued++
    else if (entry.startsWith(BYTE_LEVEL_SPACE)) byteLevel++
    else if (entry.startsWith(SPACE_MARK)) sentencePiece++
  }
  const most = Math.max(continued, byteLevel, sentencePiece)
  const kind =
    most === continued ? 'word-piece' : most === byteLevel ? 'byte-level' : ('sentence-piece' as const)
  kinds.set(vocabulary, kind)
  return kind
}

/**
 * Returns the alphabet of byte-level BPE (GPT-2's `bytes_to_unicode`): printable bytes as they are, the rest from
 * U+0100 on.
 */
function byteAlphabet(): Map<string, number> {
  const printable = (byte: number) =>
    (byte >= 0x21 && byte <= 0x7e) || (byte >= 0xa1 && byte <= 0xac) || byte >= 0xae
  const alphabet = new Map<string, number>()
  let next = 0x100
  for (let byte = 0; byte < 256; byte++) {
    alphabet.set(String.fromCharCode(printable(byte) ? byte : next++), byte)
  }
  return alphabet
}

const BYTES = byteAlphabet()
const CHARACTERS = Array.from({ length: 256 }, () => '')
for (const [character, byte] of BYTES) CHARACTERS[byte] = character

/** Returns a text as a byte-level vocabulary writes it: ` film` is `Ġfilm`. */
export function byteLevelEntry(text: string): string {
  return Array.from(new TextEncoder().encode(text), (byte) => CHARACTERS[byte]).join('')
}

/** Returns the bytes of an entry; null if it is plain text (an added token, a SentencePiece). */
export function pieceBytes(entry: string, kind: PieceKind): number[] | null {
  if (kind === 'sentence-piece')
    return BYTE_PIECE.test(entry) ? [Number.parseInt(entry.slice(3, 5), 16)] : null
  if (kind !== 'byte-level') return null
  const bytes: number[] = []
  for (const character of entry) {
    const byte = BYTES.get(character)
    if (byte === undefined) return null
    bytes.push(byte)
  }
  return bytes
}

/** Returns the number of bytes, in UTF-8, of a character that begins with this byte; 0 if none begins with it. */
function characterLength(lead: number): number {
  if (lead < 0x80) return 1
  if (lead >= 0xc2 && lead < 0xe0) return 2
  if (lead >= 0xe0 && lead < 0xf0) return 3
  return lead >= 0xf0 && lead < 0xf5 ? 4 : 0
}

/** Holds one character of UTF-8, or the bytes of an incomplete one. */
export interface ByteRun {
  /** Null if bytes are missing. */
  readonly character: string | null
  /** Indexes into the bytes, end exclusive. */
  readonly start: number
  readonly end: number
}

const decoder = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true })

function decoded(bytes: readonly number[]): string | null {
  try {
    return decoder.decode(Uint8Array.from(bytes))
  } catch {
    return null
  }
}

/**
 * Splits bytes into characters; those cut short, at either end, make one run for each character that they belong to.
 */
export function byteRuns(bytes: readonly number[]): ByteRun[] {
  const runs: ByteRun[] = []
  let start = 0
  while (start < bytes.length) {
    const length = characterLength(bytes[start])
    let end = start + 1
    const limit = length === 0 ? bytes.length : Math.min(start + length, bytes.length)
    while (end < limit && bytes[end] >= 0x80 && bytes[end] < 0xc0) end++
    const whole = length > 0 && end - start === length
    runs.push({ character: whole ? decoded(bytes.slice(start, end)) : null, start, end })
    start = end
  }
  return runs
}

const shownByte = (byte: number) => `<0x${byte.toString(16).toUpperCase().padStart(2, '0')}>`

/** Returns the text of a byte-level entry; bytes of an incomplete character as SentencePiece writes them, `<0xE2>`. */
function byteLevelText(entry: string): string {
  const bytes = pieceBytes(entry, 'byte-level')
  if (!bytes) return entry
  return byteRuns(bytes)
    .map(({ character, start, end }) => character ?? bytes.slice(start, end).map(shownByte).join(''))
    .join('')
}

/** Returns the text of an entry, its leading space included: `Ġfilm` and `▁film` are ` film`. Not for `word-piece`. */
export function spelledText(entry: string, kind: PieceKind): string {
  return kind === 'byte-level' ? byteLevelText(entry) : entry.replaceAll(SPACE_MARK, ' ')
}
