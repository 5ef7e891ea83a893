import { Unzlib, zlibSync } from 'fflate'
import { fail } from '../failure'

/**
 * Size of a block to inflate: fflate may give 1,032 bytes for one, so a block exceeds the limit by half a megabyte at
 * most.
 */
const BLOCK = 512

function damaged(): never {
  return fail('invalid-link', 'The link is damaged: a part of it is missing or was changed.', {
    kept: 'The page opened without it.',
    advice: 'Copy the whole link once more, or ask for it again.',
  })
}

/** Encodes bytes as base64url (RFC 4648, section 5), without padding. */
export function toBase64Url(bytes: Uint8Array): string {
  let binary = ''
  for (const byte of bytes) binary += String.fromCharCode(byte)
  return btoa(binary).replaceAll('+', '-').replaceAll('/', '_').replaceAll('=', '')
}

/** @throws FailureError `invalid-link` */
export function fromBase64Url(text: string): Uint8Array {
  if (!/^[\w-]*$/.test(text)) damaged()
  try {
    return Uint8Array.from(atob(text.replaceAll('-', '+').replaceAll('_', '/')), (character) =>
      character.charCodeAt(0),
    )
  } catch {
    return damaged()
  }
}

/** Computes the checksum of RFC 1950, which fflate writes at the end of a stream and does not check. */
function adler32(bytes: Uint8Array): number {
  let a = 1
  let b = 0
  for (const byte of bytes) {
    a = (a + byte) % 65521
    b = (b + a) % 65521
  }
  return ((b << 16) | a) >>> 0
}

/** Deflates text with a checksum (zlib, RFC 1950). */
export function compress(text: string): Uint8Array {
  return zlibSync(new TextEncoder().encode(text), { level: 9 })
}

/**
 * Inflates a little at a time and stops at the limit, so that a small link cannot become a large text.
 *
 * @param maxBytes of the inflated text
 * @throws FailureError `invalid-link`: damaged, or larger than the limit
 */
export function decompress(bytes: Uint8Array, maxBytes: number): string {
  if (bytes.length < 8) damaged()
  const chunks: Uint8Array[] = []
  let total = 0
  const inflate = new Unzlib((chunk) => {
    chunks.push(chunk)
    total += chunk.length
  })
  for (let start = 0; start < bytes.length; start += BLOCK) {
    const end = Math.min(start + BLOCK, bytes.length)
    try {
      inflate.push(bytes.slice(start, end), end === bytes.length)
    } catch {
      return damaged()
    }
    if (total > maxBytes) {
      fail('invalid-link', 'The link holds more than a link may hold.', {
        kept: 'The page opened without it.',
        advice: 'Ask for the session as a file.',
      })
    }
  }
  const inflated = new Uint8Array(total)
  let offset = 0
  for (const chunk of chunks) {
    inflated.set(chunk, offset)
    offset += chunk.length
  }
  const { buffer, byteOffset } = bytes
  const checksum = new DataView(buffer, byteOffset + bytes.length - 4, 4).getUint32(0)
  if (checksum !== adler32(inflated)) damaged()
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(inflated)
  } catch {
    return damaged()
  }
}
