import { fail } from '../../core/failure'
import { KNOWN_FORMATS } from './rowSource'

const ascii = (text: string) => Array.from(text, (char) => char.charCodeAt(0))

interface Signature {
  readonly bytes: readonly number[]
  readonly name: string
  readonly advice?: string
}

const UNPACK = 'Unpack it and choose the file inside.'

/** First bytes of common files that are not text. */
const SIGNATURES: readonly Signature[] = [
  { bytes: [0x89, ...ascii('PNG')], name: 'a PNG image' },
  { bytes: [0xff, 0xd8, 0xff], name: 'a JPEG image' },
  { bytes: ascii('GIF8'), name: 'a GIF image' },
  { bytes: ascii('%PDF-'), name: 'a PDF document' },
  {
    bytes: [...ascii('PK'), 3, 4],
    name: 'a zip archive, as spreadsheets (xlsx) and documents (docx) are too',
    advice: 'Unpack it, or save the spreadsheet as CSV, and choose that file.',
  },
  { bytes: [0x28, 0xb5, 0x2f, 0xfd], name: 'compressed with Zstandard', advice: UNPACK },
  { bytes: [...ascii('BZh')], name: 'compressed with bzip2', advice: UNPACK },
  { bytes: [0xfd, ...ascii('7zXZ')], name: 'compressed with xz', advice: UNPACK },
  {
    bytes: [0xd0, 0xcf, 0x11, 0xe0],
    name: 'an old Office document',
    advice: 'Save the spreadsheet as CSV and choose that file.',
  },
  { bytes: ascii('SQLite format 3'), name: 'an SQLite database', advice: 'Export the table as CSV.' },
  { bytes: ascii('ARROW1'), name: 'an Arrow file', advice: 'Write the table as Parquet.' },
  { bytes: [0xff, 0xfe, 0, 0], name: 'text in UTF-32', advice: 'Save it as UTF-8.' },
  { bytes: [0, 0, 0xfe, 0xff], name: 'text in UTF-32', advice: 'Save it as UTF-8.' },
]

const startsWith = (head: Uint8Array, bytes: readonly number[]) =>
  head.length >= bytes.length && bytes.every((byte, index) => head[index] === byte)

export const isParquet = (head: Uint8Array) => startsWith(head, ascii('PAR1'))

function refuse(name: string, what: string, advice = KNOWN_FORMATS): never {
  fail('damaged-file', `${name} cannot be read as text: it is ${what}.`, { advice })
}

/** @throws FailureError `damaged-file` where the first bytes are those of a file that is no text */
export function refuseKnownBinary(head: Uint8Array, name: string): void {
  const known = SIGNATURES.find(({ bytes }) => startsWith(head, bytes))
  if (known) refuse(name, known.name, known.advice)
}

/** Says whether a character never occurs in text: controls except tab, line breaks, form feed and escape. */
function isControl(code: number): boolean {
  return code < 9 || (code > 13 && code < 27) || (code > 126 && code < 160 && code !== 0x85)
}

/** @throws FailureError `damaged-file` where decoded text has characters that text does not have */
export function refuseControlCharacters(text: string, name: string): void {
  let controls = 0
  for (let i = 0; i < text.length; i++) if (isControl(text.charCodeAt(i))) controls++
  // A stray control character in a short file is a blemish.
  if (controls > Math.max(2, text.length / 50)) refuse(name, 'binary data of a kind unknown here')
}
