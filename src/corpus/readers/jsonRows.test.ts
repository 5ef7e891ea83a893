import { describe, expect, it } from 'vitest'
import { failureOf } from '../../core/failure'
import { JsonElements } from './jsonElements'
import { ChunkedFile, fileOf, preview, readAll, utf8 } from './readingFixture'

const json = (value: unknown, name = 'reviews.json') =>
  fileOf(typeof value === 'string' ? value : JSON.stringify(value, null, 2), name)

describe('JSON', () => {
  it.each([
    ['an array of texts', ['One good film', 'Two, [sic] {odd} 6" wide ] \\']],
    [
      'an array of objects',
      [{ text: 'One good film' }, { text: 'Two, [sic] {odd} 6" wide ] \\', n: [1, {}] }],
    ],
    ['an object of texts', { a: 'One good film', 'b:,': 'Two, [sic] {odd} 6" wide ] \\' }],
    ['an object of rows', { a: { text: 'One good film' }, b: { text: 'Two, [sic] {odd} 6" wide ] \\' } }],
    [
      'rows in a member',
      {
        version: '1',
        info: { list: [9] },
        data: [{ text: 'One good film' }, { text: 'Two, [sic] {odd} 6" wide ] \\' }],
        more: [{ text: 'not a row' }],
      },
    ],
  ])('reads %s, however the stream is cut', async (_, value) => {
    for (const content of [JSON.stringify(value), JSON.stringify(value, null, 2)]) {
      for (const size of [1, 2, 3, 7, 10_000]) {
        const read = await readAll(new ChunkedFile(utf8(content), 'reviews.json', size))
        expect(read.texts).toEqual(['One good film', 'Two, [sic] {odd} 6" wide ] \\'])
        expect(read.malformed).toEqual([])
      }
    }
  })

  it('reports rows by their line and keeps the others', async () => {
    const { texts, malformed } = await readAll(
      json(
        '[\n{"text": "good one"},\n{"text": tru},\n{"text":\n  "two lines of source"},\n7,\n{"text": [1, 2},\n{"n": 1},\n{"text": null},\n"bare",\n{"text": "last one"}\n]',
      ),
    )
    expect(texts).toEqual(['good one', 'two lines of source', 'last one'])
    expect(malformed).toEqual([
      { line: 3, reason: 'not valid JSON' },
      { line: 6, reason: 'neither an object nor a text' },
      { line: 7, reason: 'not valid JSON' },
      { line: 8, reason: 'no “text”' },
      { line: 9, reason: '“text” is missing' },
      { line: 10, reason: 'a text where the rows have “text”' },
    ])
  })

  it('says where a document breaks off or goes on behind its end', async () => {
    const cut = await readAll(json('[{"text": "a good one"},\n{"text": "cut of'))
    expect(cut.texts).toEqual(['a good one'])
    expect(cut.malformed).toEqual([{ line: 2, reason: 'the file ends in the middle of it' }])
    const over = await readAll(json('[{"text": "a good one"}]\n, {"text": "lost"}]'))
    expect(over.texts).toEqual(['a good one'])
    expect(over.malformed).toEqual([{ line: 2, reason: 'not valid JSON' }])
  })

  it.each(['42', '"one text"', 'null'])('refuses %s, which holds no rows', async (content) => {
    const failure = failureOf(await readAll(json(content)).catch((thrown: unknown) => thrown))
    expect(failure.kind).toBe('damaged-file')
    expect(failure.advice).toMatch(/array/)
  })

  it('gives no rows for an empty array', async () => {
    expect((await readAll(json('[]'))).texts).toEqual([])
  })

  it('knows one value a line by its content', async () => {
    const lines = '{"text": "First of them"}\n{"text": "second of them"}\n'
    expect((await preview(json(lines))).format).toBe('jsonl')
    expect((await preview(json('[{"text": "a b"}]', 'reviews.jsonl'))).format).toBe('json')
  })
})

describe('the source text of rows', () => {
  it('is not kept beyond the limit', () => {
    const elements = new JsonElements(null, 10)
    const given = ['["a", "0123', '456789', '0123", "b"]'].flatMap((chunk) => elements.push(chunk))
    expect(given).toEqual([
      { line: 1, text: '"a"', tooLong: false },
      { line: 1, text: '', tooLong: true },
      { line: 1, text: '"b"', tooLong: false },
    ])
  })
})

describe('JSONL', () => {
  it('reads objects and reports the lines that are none', async () => {
    const { texts, malformed, rows } = await readAll(
      json(
        '{"text": "one film"}\n\n{"text": "cut off\n{"text": 3}\n[1]\n{"text": {}}\n{"text": "last film"}',
        'r.jsonl',
      ),
    )
    expect(texts).toEqual(['one film', '3', 'last film'])
    expect(rows).toEqual([0, 1, 2])
    expect(malformed).toEqual([
      { line: 3, reason: 'not valid JSON' },
      { line: 5, reason: 'neither an object nor a text' },
      { line: 6, reason: '“text” is no text' },
    ])
  })

  it('takes no property of objects for a field', async () => {
    const { texts, malformed } = await readAll(
      json('{"constructor": "one film"}\n{"text": "other"}\n', 'r.jsonl'),
      'constructor',
    )
    expect(texts).toEqual(['one film'])
    expect(malformed).toEqual([{ line: 2, reason: 'no “constructor”' }])
  })

  it('reads lines that are texts', async () => {
    const { texts, reader } = await readAll(json('"one film"\n"two\\nlines"\n', 'r.jsonl'))
    expect(texts).toEqual(['one film', 'two\nlines'])
    expect(reader.column).toBeNull()
  })

  it('reports a line of 50 MB and goes on behind it', async () => {
    const huge = new Blob(['{"text": "', ...Array.from({ length: 50 }, () => 'x'.repeat(1_000_000)), '"}\n'])
    const file = fileOf(new Blob(['{"text": "before it"}\n', huge, '{"text": "after it"}\n']), 'r.jsonl')
    const { texts, malformed } = await readAll(file)
    expect(texts).toEqual(['before it', 'after it'])
    expect(malformed).toEqual([{ line: 2, reason: 'longer than 16 million characters' }])
  })
})
