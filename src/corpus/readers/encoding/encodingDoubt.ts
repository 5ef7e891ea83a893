/** Encodings that share most of their letters with another, so that statistics of letters take them for it. */
const KIN: Readonly<Record<string, readonly string[]>> = {
  'windows-1251': ['x-mac-cyrillic'],
  'x-mac-cyrillic': ['windows-1251'],
  'windows-1252': ['iso-8859-15'],
}

/** Number of odd places from which on a reading is out of the question beside another. */
const CLEAR = 3

/**
 * Matches what hardly occurs in text: controls, a sign at a word (but for an accent that stands for an apostrophe), a
 * capital behind a small letter.
 */
const ODD =
  /[\x80-\x9f\ufffd¤]|\p{L}(?=[\p{Sm}\p{Sc}\p{So}\p{No}])|[\p{Sm}\p{Sc}\p{So}\p{No}](?=\p{L})|\p{Ll}(?=\p{Lu})/gu
/** Matches letters of Serbian and Macedonian alone, and those that these two do not have. */
const SOUTHERN = /[ЂЃЉЊЋЌЏђѓљњћќџ]/g
const NORTHERN = /[ыэюя]/

const matches = (text: string, pattern: RegExp) => text.match(pattern)?.length ?? 0

/** Returns the number of places that are odd for text: bytes in the wrong encoding have many. */
const oddPlaces = (text: string) => matches(text, ODD) + (NORTHERN.test(text) ? matches(text, SOUTHERN) : 0)

const wordsOf = (text: string) => text.match(/[^\s",;.]+/g) ?? []

export interface EncodingGuess {
  readonly encoding: string
  /** Sentence that names another encoding that is as likely; null if there is none. */
  readonly doubt: string | null
}

/**
 * Decides between an encoding that statistics show and those that are hard to tell from it, by how odd the text is in
 * each, and says where that leaves a doubt.
 *
 * @param shown encoding that statistics show
 * @param further others that statistics hold for nearly as likely
 * @param read decodes the bytes
 */
export function guessEncoding(
  shown: string,
  further: readonly string[],
  read: (encoding: string) => string,
): EncodingGuess {
  const kin = KIN[shown] ?? []
  const readings = [...new Set([shown, ...kin, ...further])].map((encoding) => {
    const text = read(encoding)
    return { encoding, text, odd: oddPlaces(text) }
  })
  // What statistics hold for less likely is named, not taken.
  const best = readings
    .filter(({ encoding }) => encoding === shown || kin.includes(encoding))
    .reduce((least, one) => (one.odd < least.odd ? one : least))
  const rival = readings.find(({ text, odd }) => text !== best.text && odd < best.odd + CLEAR)
  if (!rival) return { encoding: best.encoding, doubt: null }
  const words = wordsOf(best.text)
  const others = wordsOf(rival.text)
  const at = words.findIndex((word, i) => word !== others[i])
  const example =
    at >= 0 && others[at] !== undefined
      ? `, in which “${words[at].slice(0, 30)}” is “${others[at].slice(0, 30)}”`
      : ''
  return {
    encoding: best.encoding,
    doubt: `Its encoding is a guess, ${best.encoding}: it could also be ${rival.encoding}${example} (in the command: --encoding ${rival.encoding}).`,
  }
}
