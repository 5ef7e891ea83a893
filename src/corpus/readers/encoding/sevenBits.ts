import { fail } from '../../../core/failure'

/** Matches a shift of UTF-7 into Base64 and what stands in it. */
const SHIFTED = /\+([A-Za-z0-9+/]*)(-?)/g

/** Returns the characters of a shifted run, UTF-16 in Base64; null if it is none: then the text is not UTF-7. */
function shiftedText(run: string): string | null {
  const spare = (6 * run.length) % 16
  if (run.length < 3 || spare >= 6) return null
  let bytes: string
  try {
    bytes = atob(run)
  } catch {
    return null
  }
  const units = Array.from({ length: bytes.length >> 1 }, (_, i) =>
    String.fromCharCode(256 * bytes.charCodeAt(2 * i) + bytes.charCodeAt(2 * i + 1)),
  )
  // The bits that fill up the last character are zero.
  const padded = btoa(bytes.slice(0, 2 * units.length)).replace(/=+$/, '')
  return padded.replace(/A$/, '') === run.replace(/A$/, '') ? units.join('') : null
}

/** Says whether ASCII is text in UTF-7: every `+` begins a run of Base64 that holds letters or marks beyond ASCII. */
function isUtf7(text: string): boolean {
  // The last run may be cut off where the beginning of the file ends.
  const whole = text.slice(0, text.lastIndexOf('\n') + 1) || text
  if (/[^\0-\x7f]/.test(whole)) return false
  let found = false
  for (const [, run, end] of whole.matchAll(SHIFTED)) {
    if (run === '' && end === '-') continue
    const shifted = shiftedText(run)
    if (shifted === null || !/^[\p{L}\p{M}\p{P}\p{S}\p{Z}]+$/u.test(shifted)) return false
    if (/[A-Za-z]/.test(run) && /[^\0-\x7f]/.test(shifted)) found = true
  }
  return found
}

/** Matches a run of HZ (RFC 1843): two printable bytes for each character of GB 2312, rows 0x21 to 0x77. */
const HZ_RUN = /~\{(?:[\x21-\x77][\x21-\x7e])+~\}/g

/** Says whether ASCII is text in HZ-GB-2312: every `~` is a `~~`, ends a line, or belongs to such a run. */
function isHz(text: string): boolean {
  const whole = text.slice(0, text.lastIndexOf('\n') + 1) || text
  return (
    /~\{/.test(whole) &&
    !/[^\0-\x7f]/.test(whole) &&
    !whole
      .replace(HZ_RUN, '')
      .replace(/~[~\n]/g, '')
      .includes('~')
  )
}

/**
 * Refuses the encodings of seven bits that browsers do not decode: read as ASCII they would be wrong in silence.
 *
 * @throws FailureError `damaged-file` where the beginning of a file is in one of them
 */
export function refuseSevenBits(head: string, name: string): void {
  const found = isUtf7(head) ? ['UTF-7', 'utf-7'] : isHz(head) ? ['HZ-GB-2312', 'hz'] : null
  if (!found) return
  const [encoding, inPython] = found
  fail('damaged-file', `${name} is in ${encoding}, which is not read here.`, { advice: saveAsUtf8(inPython) })
}

/** @param encoding as Python calls it */
export const saveAsUtf8 = (encoding: string) =>
  `Save it as UTF-8, in Python: open(path, encoding='${encoding}').read() reads it.`
