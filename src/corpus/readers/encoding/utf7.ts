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

/** @throws FailureError `damaged-file` where the beginning of a file is in UTF-7, which no browser decodes */
export function refuseUtf7(head: string, name: string): void {
  if (isUtf7(head))
    fail('damaged-file', `${name} is in UTF-7, which is not read here.`, { advice: SAVE_AS_UTF8 })
}

export const SAVE_AS_UTF8 = "Save it as UTF-8, in Python: open(path, encoding='utf-7').read() reads it."
