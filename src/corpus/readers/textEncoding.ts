/**
 * Characters that Windows-1252 has where Latin-1 has control characters, 0x80..0x9f. Some versions of Node decode
 * the one as the other, so the difference is made up for here.
 */
const WINDOWS_1252 = '€\x81‚ƒ„…†‡ˆ‰Š‹Œ\x8dŽ\x8f\x90‘’“”•–—˜™š›œ\x9džŸ'

const NO_BYTES = new Uint8Array(0)

/** Turns bytes into text, piece by piece. */
export interface TextDecoding {
  /** As known by now. */
  encoding(): string
  decode(bytes: Uint8Array): string
  /** What is left when no bytes follow. */
  end(): string
}

/** Where a sequence of UTF-8 that goes on beyond these bytes begins; their length where none does. */
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

type Utf8Mode = 'UTF-8' | 'UTF-8 with invalid bytes' | 'windows-1252'

/**
 * UTF-8 until bytes say otherwise. Where everything so far was ASCII, which both share, bytes that are mostly not UTF-8
 * make the rest Windows-1252; where UTF-8 was seen, invalid bytes become U+FFFD.
 */
function createUtf8Decoding(head: Uint8Array, headIsAll: boolean): TextDecoding {
  const strict = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true })
  const lenient = new TextDecoder('utf-8', { ignoreBOM: true })
  const windows = new TextDecoder('windows-1252')
  let mode: Utf8Mode = 'UTF-8'
  let sawMultibyte = false
  let carry = NO_BYTES

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
        mode = sawMultibyte || valid >= invalid ? 'UTF-8 with invalid bytes' : 'windows-1252'
      }
    }
    if (mode === 'windows-1252') {
      return windows.decode(bytes).replace(/[\x80-\x9f]/g, (char) => WINDOWS_1252[char.charCodeAt(0) - 0x80])
    }
    return lenient.decode(bytes)
  }

  decodeAs(headIsAll ? head : head.subarray(0, completeLength(head)))

  return {
    encoding: () => mode,
    decode(bytes) {
      const all = joined(carry, bytes)
      const length = mode === 'windows-1252' ? all.length : completeLength(all)
      carry = all.slice(length)
      return decodeAs(all.subarray(0, length))
    },
    end() {
      const rest = carry
      carry = NO_BYTES
      return decodeAs(rest)
    },
  }
}

function createUtf16Decoding(encoding: 'UTF-16LE' | 'UTF-16BE'): TextDecoding {
  const decoder = new TextDecoder(encoding, { ignoreBOM: true })
  return {
    encoding: () => encoding,
    decode: (bytes) => decoder.decode(bytes, { stream: true }),
    end: () => decoder.decode(),
  }
}

/** UTF-16 by its mark, or by the zero bytes that European text is half made of. */
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
 * A decoder for the text that begins with `head`: UTF-16 by its mark or its zero bytes, else UTF-8 while it is valid,
 * else Windows-1252 (`encoding()` says which). A byte order mark is given through; line breaks are left as they are.
 *
 * @param headIsAll whether nothing follows `head`
 */
export function createTextDecoding(head: Uint8Array, headIsAll: boolean): TextDecoding {
  const utf16 = utf16Of(head)
  return utf16 ? createUtf16Decoding(utf16) : createUtf8Decoding(head, headIsAll)
}
