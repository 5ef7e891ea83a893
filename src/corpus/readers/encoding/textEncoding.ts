import { analyse } from 'chardet'
import { fail } from '../../../core/failure'
import { type EncodingGuess, guessEncoding } from './encodingDoubt'
import { saveAsUtf8 } from './sevenBits'

/**
 * Characters that Windows-1252 has where Latin-1 has control characters, 0x80..0x9f. Some versions of Node decode the
 * one as the other, which is corrected here.
 */
const WINDOWS_1252 = '€\x81‚ƒ„…†‡ˆ‰Š‹Œ\x8dŽ\x8f\x90‘’“”•–—˜™š›œ\x9džŸ'

const NO_BYTES = new Uint8Array(0)

/** Turns bytes into text, piece by piece. */
export interface TextDecoding {
  /** Returns the encoding as known so far. */
  encoding(): string
  /** Returns what speaks against the encoding as found out so far, a sentence; null if nothing does. */
  doubt(): string | null
  decode(bytes: Uint8Array): string
  /** Returns the rest of the text when no bytes follow. */
  end(): string
}

/** Returns the start of a UTF-8 sequence that continues beyond these bytes; their length if there is none. */
function completeLength(bytes: Uint8Array): number {
  for (let back = 1; back <= Math.min(3, bytes.length); back++) {
    const byte = bytes[bytes.length - back]
    if (byte < 0x80) return bytes.length
    if (byte < 0xc0) continue
    const length = byte >= 0xf0 ? 4 : byte >= 0xe0 ? 3 : 2
    return length > back ? bytes.length - back : bytes.length
  }
  return bytes.length
}

function joined(a: Uint8Array, b: Uint8Array): Uint8Array {
  if (a.length === 0) return b
  const bytes = new Uint8Array(a.length + b.length)
  bytes.set(a)
  bytes.set(b, a.length)
  return bytes
}

const count = (text: string, pattern: RegExp) => text.match(pattern)?.length ?? 0

/**
 * Lowest confidence at which chardet is trusted: it recognizes some languages only with much text, and what it is
 * unsure of is taken for Western European.
 */
const SURE = 20

/** Share of the best confidence from which on another encoding is nearly as likely. */
const NEARLY = 2 / 3

/** Returns the likely encoding of bytes that are not UTF-8. */
function likelyEncoding(bytes: Uint8Array): EncodingGuess {
  const known = analyse(bytes).filter(({ name }) => !/^(UTF|ISO-2022-(CN|KR)|ASCII)/.test(name))
  const [best] = known
  const confidence = best?.confidence ?? 0
  const named = confidence >= SURE ? nameOf(best.name) : 'windows-1252'
  const likely = cyrillicOf(bytes, named, confidence) ?? named
  if (likely === 'windows-1252' && isMacRoman(bytes)) return { encoding: 'macintosh', doubt: null }
  const near = known.filter((one) => one.confidence >= NEARLY * confidence)
  return guessEncoding(
    likely,
    near.map(({ name }) => nameOf(name)),
    (encoding) => {
      const decoding = createNamedDecoding(encoding)
      return decoding.decode(bytes) + decoding.end()
    },
  )
}

/** Cyrillic encodings that statistics do not know. */
const FURTHER_CYRILLIC = ['x-mac-cyrillic', 'ibm866']

/**
 * Returns the encoding of these in which the bytes are more Russian than what was found is likely; null if there is none.
 */
function cyrillicOf(bytes: Uint8Array, named: string, confidence: number): string | null {
  let best: string | null = null
  const pure = FURTHER_CYRILLIC.filter((encoding) => isAllCyrillic(bytes, encoding))
  const sure = confidence >= SURE && named !== 'windows-1251'
  let most = pure.some((encoding) => isMostlyCyrillic(bytes, encoding))
    ? confidence
    : Math.max(confidence, SURE - 1)
  for (const encoding of pure.length > 0 || sure ? pure : FURTHER_CYRILLIC) {
    const [found] = analyse(asWindows1251(bytes, encoding))
    if (found?.name !== 'windows-1251' || found.confidence <= most) continue
    best = encoding
    most = found.confidence
  }
  return best
}

/** Says whether all letters beyond ASCII would be Cyrillic: hardly by chance. */
function isAllCyrillic(bytes: Uint8Array, encoding: string): boolean {
  const text = new TextDecoder(encoding).decode(bytes)
  return !/[^\0-\x7f\p{Script=Cyrillic}\p{P}\s№]/u.test(text)
}

/** Says whether more letters would be Cyrillic than Latin, which no accents of a Latin language are. */
function isMostlyCyrillic(bytes: Uint8Array, encoding: string): boolean {
  const text = new TextDecoder(encoding).decode(bytes)
  return count(text, /\p{Script=Cyrillic}/gu) > count(text, /\p{Script=Latin}/gu)
}

/** Returns bytes of a Cyrillic encoding as Windows-1251 has its letters. */
function asWindows1251(bytes: Uint8Array, encoding: string): Uint8Array {
  const all = Uint8Array.from({ length: 256 }, (_, byte) => byte)
  const windows = Array.from(new TextDecoder('windows-1251').decode(all))
  const byteOf = new Map(windows.map((char, byte) => [char, byte]))
  const places = Array.from(new TextDecoder(encoding).decode(all), (char) => byteOf.get(char) ?? 0x20)
  return bytes.map((byte) => places[byte])
}

const isLetter = (byte: number | undefined) =>
  byte !== undefined && /[A-Za-z]/.test(String.fromCharCode(byte))

/**
 * Tells Mac OS Roman from Windows-1252 by where the letters with accents are: 0x80 to 0x9f there, 0xc0 to 0xff here.
 * Bytes that are quotation marks and dashes of Windows-1252 say nothing.
 */
function isMacRoman(bytes: Uint8Array): boolean {
  let mac = 0
  let windows = 0
  for (const [i, byte] of bytes.entries()) {
    if (byte < 0x80 || !(isLetter(bytes[i - 1]) || isLetter(bytes[i + 1]))) continue
    if (byte >= 0xc0) windows++
    else if (byte < 0xa0 && byte !== 0x85 && (byte < 0x91 || byte > 0x97)) mac++
  }
  return mac > windows
}

/** Recognizes ISO-2022-JP, all of whose bytes are ASCII, by its escape to two-byte characters. */
function isIso2022Jp(head: Uint8Array): boolean {
  return head.some(
    (byte, i) => byte === 0x1b && head[i + 1] === 0x24 && (head[i + 2] === 0x40 || head[i + 2] === 0x42),
  )
}

function nameOf(label: string): string {
  const { encoding } = new TextDecoder(label)
  return NAMES[encoding] ?? encoding
}

/** Returns a streaming decoder of the Encoding Standard. */
function createNamedDecoding(label: string): TextDecoding {
  const decoder = new TextDecoder(label, { ignoreBOM: true })
  const { encoding } = decoder
  const name = nameOf(label)
  // See WINDOWS_1252.
  const mended = (text: string) =>
    encoding === 'windows-1252'
      ? text.replace(/[\x80-\x9f]/g, (char) => WINDOWS_1252[char.charCodeAt(0) - 0x80])
      : text
  return {
    encoding: () => name,
    doubt: () => null,
    decode: (bytes) => mended(decoder.decode(bytes, { stream: true })),
    end: () => mended(decoder.decode()),
  }
}

/** Common spellings of the encodings' names. */
const NAMES: Readonly<Record<string, string>> = {
  'utf-8': 'UTF-8',
  'utf-16le': 'UTF-16LE',
  'utf-16be': 'UTF-16BE',
  gb18030: 'GB18030',
  gbk: 'GBK',
  big5: 'Big5',
  shift_jis: 'Shift_JIS',
  'euc-jp': 'EUC-JP',
  'euc-kr': 'EUC-KR',
  'koi8-r': 'KOI8-R',
  ibm866: 'IBM866',
  'iso-2022-jp': 'ISO-2022-JP',
}

/**
 * Returns a decoder of UTF-8 that changes when the bytes contradict it. If everything so far was ASCII, which nearly
 * all encodings share, and bytes are mostly not UTF-8, their statistics decide how the rest is read; if UTF-8 was seen,
 * invalid bytes become U+FFFD.
 */
function createUtf8Decoding(head: Uint8Array, headIsAll: boolean, certain: boolean): TextDecoding {
  const strict = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true })
  const lenient = new TextDecoder('utf-8', { ignoreBOM: true })
  let mode = 'UTF-8'
  let other: TextDecoding | null = null
  let sawMultibyte = false
  let carry = NO_BYTES
  let guess: EncodingGuess | null = null

  function decodeAs(bytes: Uint8Array): string {
    if (mode === 'UTF-8') {
      try {
        const text = strict.decode(bytes)
        if (text.length !== bytes.length) sawMultibyte = true
        return text
      } catch {
        const text = lenient.decode(bytes)
        const invalid = count(text, /\ufffd/g)
        const valid = count(text, /[^\0-\x7f\ufffd]/gu)
        if (!certain && !sawMultibyte && valid < invalid) {
          guess ??= likelyEncoding(bytes)
          other = createNamedDecoding(guess.encoding)
          mode = other.encoding()
        } else {
          mode = 'UTF-8 with invalid bytes'
        }
      }
    }
    return other ? other.decode(bytes) : lenient.decode(bytes)
  }

  // The encoding of the whole beginning is that of its chunks, however small.
  decodeAs(headIsAll ? head : head.subarray(0, completeLength(head)))
  if (other) other = createNamedDecoding(mode)

  return {
    encoding: () => mode,
    doubt: () => guess?.doubt ?? null,
    decode(bytes) {
      const all = joined(carry, bytes)
      const length = other ? all.length : completeLength(all)
      carry = all.slice(length)
      return decodeAs(all.subarray(0, length))
    },
    end() {
      const rest = carry
      carry = NO_BYTES
      return decodeAs(rest) + (other?.end() ?? '')
    },
  }
}

/** Recognizes UTF-16 by its mark, or by the zero bytes that are half of European text. */
function utf16Of(head: Uint8Array): 'UTF-16LE' | 'UTF-16BE' | null {
  if (head[0] === 0xff && head[1] === 0xfe) return 'UTF-16LE'
  if (head[0] === 0xfe && head[1] === 0xff) return 'UTF-16BE'
  const pairs = head.length >> 1
  if (pairs === 0) return null
  let high = 0
  let low = 0
  for (let i = 0; i < pairs; i++) {
    if (head[2 * i] === 0) high++
    if (head[2 * i + 1] === 0) low++
  }
  const few = pairs / 100
  if (low > pairs / 3 && high <= few) return 'UTF-16LE'
  if (high > pairs / 3 && low <= few) return 'UTF-16BE'
  return null
}

/**
 * Returns a decoder for the text that begins with `head`: as asked, else UTF-16 by its mark or its zero bytes,
 * ISO-2022-JP by its escapes, else UTF-8 while it is valid, else the likely encoding of its bytes (`encoding()` names it). A byte order mark is not
 * removed; line breaks are not changed.
 *
 * @param headIsAll whether nothing follows `head`
 * @param encoding a label of the Encoding Standard
 * @throws FailureError `invalid-request` where there is no such encoding
 */
export function createTextDecoding(head: Uint8Array, headIsAll: boolean, encoding?: string): TextDecoding {
  if (encoding !== undefined && encoding.toLowerCase() !== 'utf-8') return askedDecoding(encoding)
  const marked = encoding === undefined ? (utf16Of(head) ?? (isIso2022Jp(head) ? 'iso-2022-jp' : null)) : null
  return marked ? createNamedDecoding(marked) : createUtf8Decoding(head, headIsAll, encoding !== undefined)
}

function askedDecoding(encoding: string): TextDecoding {
  try {
    return createNamedDecoding(encoding)
  } catch {
    if (/^utf-?7$/i.test(encoding)) {
      return fail('invalid-request', 'UTF-7 is not read here.', { advice: saveAsUtf8('utf-7') })
    }
    if (/^hz(-gb-?2312)?$/i.test(encoding)) {
      return fail('invalid-request', 'HZ-GB-2312 is not read here.', { advice: saveAsUtf8('hz') })
    }
    return fail('invalid-request', `There is no encoding “${encoding}”.`, {
      advice:
        'Name one of the Encoding Standard: utf-8, gb18030, big5, shift_jis, euc-kr, windows-1251, koi8-r, ...',
    })
  }
}
