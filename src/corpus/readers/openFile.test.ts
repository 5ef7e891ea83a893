import { describe, expect, it } from 'vitest'
import { failureOf } from '../../core/failure'
import { openCorpus } from './openCorpus'
import { ChunkedFile, fileOf, preview, readAll, sourceOf, utf8 } from './readingFixture'

const failing = async (file: File) => failureOf(await readAll(file).catch((thrown: unknown) => thrown))

describe('files that hurt', () => {
  it('refuses an empty file with a sentence', async () => {
    expect(await failing(fileOf('', 'a.csv'))).toMatchObject({
      kind: 'damaged-file',
      message: 'a.csv is empty.',
      advice: expect.stringMatching(/Choose/),
    })
  })

  it.each([
    [
      'photo.csv',
      [0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a, 0, 0, 0, 13, 0x49, 0x48, 0x44, 0x52],
      /PNG/,
    ],
    ['book.txt', [0x50, 0x4b, 3, 4, 20, 0, 0, 0], /spreadsheet/],
    ['rows.jsonl', [0x1f, 0x8b, 8, 0, 0, 0], /gzip.*cut short/],
    ['noise.txt', Array.from({ length: 400 }, (_, i) => (i * 97 + 11) % 256), /binary/],
    ['rows.parquet', [0x53, 0x51, 0, 0, 1, 2, 3, 0, 0, 0, 9, 9], /binary/],
  ])('refuses %s by its bytes', async (name, bytes, message) => {
    const failure = await failing(fileOf(Uint8Array.from(bytes), name))
    expect(failure.kind).toBe('damaged-file')
    expect(failure.message).toMatch(message)
    expect(failure.advice).toBeTruthy()
  })

  it('reads one row', async () => {
    expect((await readAll(fileOf('One text without a line break', 'a.txt'))).texts).toEqual([
      'One text without a line break',
    ])
  })

  it('reads 1,000 identical rows as 1,000 rows', async () => {
    const { texts, rows } = await readAll(fileOf('The same again.\n'.repeat(1000), 'a.txt'))
    expect(new Set(texts)).toEqual(new Set(['The same again.']))
    expect(rows).toEqual(Array.from({ length: 1000 }, (_, i) => i))
  })

  it('reads rows of only emoji, cut anywhere', async () => {
    const lines = ['🙂🙃🎬', '👩🏽‍🚀', '💩'.repeat(50)]
    for (const size of [1, 2, 3, 5]) {
      const file = new ChunkedFile(utf8(lines.join('\r\n')), 'a.txt', size)
      expect((await readAll(file)).texts).toEqual(lines)
    }
  })

  it('reads a text of 10,000 words whole', async () => {
    const long = 'word '.repeat(10_000).trim()
    expect((await readAll(fileOf(`short one\n${long}\n`, 'a.txt'))).texts[1]).toBe(long)
  })

  it('reports a line of 50 MB', async () => {
    const file = fileOf(
      new Blob(['before\n', ...Array.from({ length: 50 }, () => 'x'.repeat(1_000_000)), '\nafter']),
      'a.txt',
    )
    const { texts, malformed } = await readAll(file)
    expect(texts).toEqual(['before', 'after'])
    expect(malformed).toEqual([{ line: 2, reason: 'longer than 16 million characters' }])
  })

  it('drops blank lines of a text file, and counts old line ends', async () => {
    const { texts, malformed } = await readAll(fileOf('one\r\r  \rtwo\n\nthree', 'a.txt'))
    expect(texts).toEqual(['one', 'two', 'three'])
    expect(malformed).toEqual([])
  })

  it('says so when the file goes away while it is read', async () => {
    const file = fileOf('a b\n', 'a.txt')
    file.stream = () =>
      new ReadableStream({ pull: () => Promise.reject(new DOMException('gone', 'NotFoundError')) })
    expect(await failing(file)).toMatchObject({
      kind: 'missing-file',
      message: expect.stringMatching(/no longer/),
    })
  })
})

describe('reading as a stream', () => {
  it('takes no chunk before the one at hand is done, and none after the reader left', async () => {
    const file = new ChunkedFile(utf8('some words in a line\n'.repeat(50_000)), 'a.txt', 1000)
    const reader = await openCorpus(sourceOf(file), { base: 'http://localhost/' })
    let batches = 0
    for await (const { texts } of reader.batches()) {
      expect(texts.length).toBeLessThan(60)
      batches++
      expect(file.chunksTaken).toBe(batches)
      if (batches === 20) break
    }
    expect(file.chunksTaken).toBe(20)
    expect(file.cancelled).toBe(true)
  })

  it('stops when it is told to', async () => {
    const stop = new AbortController()
    const file = new ChunkedFile(utf8('a b\n'.repeat(100)), 'a.txt', 8)
    const reader = await openCorpus(sourceOf(file), { base: 'http://localhost/', signal: stop.signal })
    const read = async () => {
      for await (const _ of reader.batches()) stop.abort()
    }
    expect(failureOf(await read().catch((thrown: unknown) => thrown)).kind).toBe('cancelled')
  })
})

describe('the format', () => {
  it.each([
    ['rows.CSV', 'a,b\nc d,2\n', 'csv'],
    ['rows.tab', 'a\tb\nc d\t2\n', 'tsv'],
    ['rows.ndjson', '{"a": "b c"}\n', 'jsonl'],
    ['rows', '[{"a": "b c"}]', 'json'],
    ['rows.data', '{"a": "b c"}\n{"a": "d e"}\n', 'jsonl'],
    ['rows.dat', 'id\ttext\n1\ta b\n2\tc d\n', 'tsv'],
    ['rows.export', 'id;text\n1;a b\n2;c d\n', 'csv'],
    ['README', 'Some prose, with commas.\nAnd, well, more of it.\n', 'txt'],
  ])('of %s is found by name, then by content', async (name, content, format) => {
    expect((await preview(fileOf(content, name))).format).toBe(format)
  })
})
