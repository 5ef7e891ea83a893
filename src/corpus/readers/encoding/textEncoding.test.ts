import { describe, expect, it } from 'vitest'
import { failureOf } from '../../../core/failure'
import { ChunkedFile, fileOf, preview, readAll, utf8, utf16 } from '../readingFixture'
import { createTextDecoding } from './textEncoding'

const TEXT = 'A fine café 🎬 — “really”\r\nNext: naïve 日本語\r\nlast'
const LINES = ['A fine café 🎬 — “really”', 'Next: naïve 日本語', 'last']

const EUROPEAN = 'It was café food\nand nothing – more.'
/** Bytes in Windows-1252: é is E9, the dash 96. */
const windows1252 = Uint8Array.from(EUROPEAN, (char) =>
  char === '–' ? 0x96 : char.charCodeAt(0),
) as Uint8Array<ArrayBuffer>

describe('encodings', () => {
  it.each([
    ['UTF-8', 'UTF-8', utf8(TEXT)],
    ['UTF-8 with a mark', 'UTF-8', utf8(`\ufeff${TEXT}`)],
    ['UTF-16LE with a mark', 'UTF-16LE', utf16(TEXT, 'LE', true)],
    ['UTF-16BE with a mark', 'UTF-16BE', utf16(TEXT, 'BE', true)],
    ['UTF-16LE by its zero bytes', 'UTF-16LE', utf16(TEXT, 'LE', false)],
    ['UTF-16BE by its zero bytes', 'UTF-16BE', utf16(TEXT, 'BE', false)],
  ])('reads %s, in chunks of any size', async (_, encoding, bytes) => {
    for (const size of [1, 2, 3, 5, 7, 1000]) {
      const read = await readAll(new ChunkedFile(bytes, 'reviews.txt', size))
      expect(read.texts).toEqual(LINES)
      expect(read.encoding).toBe(encoding)
      expect(read.bytes.at(-1)).toBe(bytes.length)
    }
  })

  it('reads Windows-1252 where the bytes are not UTF-8, and says so', async () => {
    for (const size of [1, 4, 1000]) {
      const read = await readAll(new ChunkedFile(windows1252, 'reviews.txt', size))
      expect(read.texts).toEqual(EUROPEAN.split('\n'))
      expect(read.encoding).toBe('windows-1252')
    }
  })

  it('turns to Windows-1252 far beyond the beginning without losing a byte', async () => {
    const ascii = 'plain words only\n'.repeat(40_000)
    const file = fileOf(new Blob([ascii, windows1252]), 'reviews.txt')
    const read = await readAll(file)
    expect(read.texts.slice(-2)).toEqual(EUROPEAN.split('\n'))
    expect(read.texts).toHaveLength(40_002)
    expect(read.encoding).toBe('windows-1252')
  })

  it('says which other encoding is as likely, and what a word is in it', async () => {
    const bytes = (text: string) => Uint8Array.from(text, (char) => char.charCodeAt(0))
    const acute = await preview(fileOf(bytes('It was caf\xe9 food and I don\xb4t like it.\n'), 'reviews.txt'))
    expect(acute.encoding).toBe('windows-1252')
    expect(acute.notes).toEqual([
      'Its encoding is a guess, windows-1252: it could also be iso-8859-15, in which “don´t” is “donŽt” (in the command: --encoding iso-8859-15).',
    ])
    // The bytes of its quotation marks are no characters of ISO 8859-15.
    const quoted = 'It was \x93caf\xe9\x94 food, \x93na\xefve\x94 and I don\xb4t like it.\n'
    expect(String((await preview(fileOf(bytes(quoted), 'reviews.txt'))).notes)).not.toMatch(/8859-15/)
  })

  it('refuses UTF-7 by its name, and takes no plain text for it', async () => {
    const seven = await preview(fileOf('It was caf+AOk food +- more,\n+BB8EQAQ4- one\n', 'r.txt')).catch(
      failureOf,
    )
    expect(seven).toMatchObject({
      message: expect.stringMatching(/UTF-7/),
      advice: expect.stringMatching(/UTF-8/),
    })
    for (const plain of [
      'C++ and a+b',
      '1 +- 2',
      'call +44123456-7 or +441234567',
      'an A+ film, B+AOk and +plus',
    ]) {
      expect((await readAll(fileOf(plain, 'r.txt'))).texts).toEqual([plain])
    }
    expect(() => createTextDecoding(utf8('a'), true, 'UTF-7')).toThrow(/UTF-7/)
  })

  it('refuses HZ-GB-2312 by its name, and takes no plain text for it', async () => {
    // Python: '这部电影非常好看，演员很棒。'.encode('hz')
    const hz = 'id,text\n1,~{Ub2?5gS07G3#:C?4#,Q]T1:\\0t!#~}\n2,plain ~~ text\n'
    expect(await preview(fileOf(hz, 'r.csv')).catch(failureOf)).toMatchObject({
      message: expect.stringMatching(/HZ-GB-2312/),
      advice: expect.stringMatching(/encoding='hz'/),
    })
    for (const plain of [
      '~{a code} and ~',
      'a set ~{1, 2}',
      '~/films and ~5 minutes',
      'so ~{ab~} it ~goes',
    ]) {
      expect((await readAll(fileOf(plain, 'r.txt'))).texts).toEqual([plain])
    }
    expect(() => createTextDecoding(utf8('a'), true, 'hz-gb-2312')).toThrow(/HZ-GB-2312/)
  })

  it.each([
    ['Отличное кино! Смотрел три раза, и каждый раз смеялся до слёз.', 'IBM866'],
    ['№ 1 среди комедий: рекомендую всем, кто любит хорошую игру актёров.', 'IBM866'],
  ])('finds out code page 866 of %s', async (text, encoding) => {
    // Bytes of code page 866, which TextDecoder reads and TextEncoder does not write.
    const letters = Array.from(
      new TextDecoder('ibm866').decode(Uint8Array.from({ length: 256 }, (_, i) => i)),
    )
    const bytes = Uint8Array.from(`text\n${text}\n`, (char) => letters.indexOf(char))
    const seen = await preview(fileOf(new Blob([bytes]), 'r.csv'))
    expect(seen.encoding).toBe(encoding)
    expect(seen.rows).toEqual([[text]])
  })

  it('keeps UTF-8 with a few invalid bytes as UTF-8', async () => {
    const bytes = utf8('Çà et là, été.\nX déjà vu.')
    bytes[bytes.indexOf(0x58)] = 0xff
    for (const size of [1, 1000]) {
      const read = await readAll(new ChunkedFile(bytes, 'reviews.txt', size))
      expect(read.texts).toEqual(['Çà et là, été.', '\ufffd déjà vu.'])
      expect(read.encoding).toBe('UTF-8 with invalid bytes')
    }
  })

  it('ends a sequence that the file cuts short', () => {
    const cut = utf8('é🎬').slice(0, 4)
    const decoding = createTextDecoding(cut, true)
    expect(decoding.decode(cut) + decoding.end()).toBe('é\ufffd')
  })

  it('keeps a mark that is not the first character', async () => {
    const read = await readAll(new ChunkedFile(utf8('a\n\ufeffb'), 'reviews.txt', 2))
    expect(read.texts).toEqual(['a', '\ufeffb'])
  })
})
