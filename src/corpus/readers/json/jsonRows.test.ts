import { describe, expect, it } from 'vitest'
import { failureOf } from '../../../core/failure'
import { ChunkedFile, fileOf, preview, readAll, utf8 } from '../readingFixture'
import { JsonElements } from './jsonElements'

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

  it('says what a document has behind the end of an object', async () => {
    const over = await readAll(json('{"a": {"text": "a good one"}}\n, "b": {"text": "lost"}}'))
    expect(over.texts).toEqual(['a good one'])
    expect(over.malformed).toEqual([{ line: 2, reason: 'not valid JSON' }])
  })

  it.each([
    ['indented', '\n', 2, 'r.json'],
    ['indented, in a file of lines', '\n', 2, 'r.jsonl'],
    ['on one line', ' ', 0, 'r.json'],
    ['with commas between', ',\n', 2, 'r.json'],
  ])('reads all of several objects, %s, however the stream is cut', async (_, between, indent, name) => {
    const rows = ['One } good { film', 'Two "odd" ones', 'three'].map((text, n) => ({
      text,
      more: { n, list: [{}] },
    }))
    const content = rows.map((row) => JSON.stringify(row, null, indent)).join(between)
    for (const size of [1, 3, 10_000]) {
      const read = await readAll(new ChunkedFile(utf8(content), name, size))
      expect(read.texts).toEqual(rows.map(({ text }) => text))
      expect(read.malformed).toEqual([])
    }
    expect((await preview(fileOf(content, name))).notes?.join()).toMatch(/one after another/)
  })

  it('names the line of what is no object among several', async () => {
    const read = await readAll(
      json(
        '{\n"text": "a good one"\n}\n{"text": "next"}}\noops\n{\n"text": "last of them"\n}\n{\n"text": "cut',
      ),
    )
    expect(read.texts).toEqual(['a good one', 'next', 'last of them'])
    expect(read.malformed).toEqual([
      { line: 4, reason: 'not valid JSON' },
      { line: 5, reason: 'not valid JSON' },
      { line: 9, reason: 'the file ends in the middle of it' },
    ])
  })

  it.each(['42', '"one text"', 'null'])('refuses %s, which holds no rows', async (content) => {
    const failure = failureOf(await readAll(json(content)).catch((thrown: unknown) => thrown))
    expect(failure.kind).toBe('damaged-file')
    expect(failure.advice).toMatch(/array/)
  })

  it('gives no rows for an empty array', async () => {
    expect((await readAll(json('[]'))).texts).toEqual([])
  })

  it.each(['r.json', 'r.jsonl'])('reads values of lists in its rows, by their number: %s', async (name) => {
    const rows = [
      { a: ['one film', { b: 'first of them' }] },
      { a: [] },
      { a: ['two', { b: 'second of them' }] },
    ]
    const content =
      name === 'r.json' ? JSON.stringify(rows) : rows.map((row) => JSON.stringify(row)).join('\n')
    expect((await readAll(json(content, name), 'a.0')).texts).toEqual(['one film', 'two'])
    const nested = await readAll(json(content, name), 'a.1.b')
    expect(nested.texts).toEqual(['first of them', 'second of them'])
    expect(nested.malformed.map(({ reason }) => reason)).toEqual(['no “a.1.b”'])
    const failure = failureOf(
      await readAll(json(content, name), 'a.length').catch((thrown: unknown) => thrown),
    )
    expect(failure.message).toMatch(/no column “a.length”/)
  })

  it.each([
    [
      'data.train',
      { data: { train: [{ text: 'a film' }], test: [{ text: 'another film' }] } },
      /\["data"\]\["train"\]/,
    ],
    ['a', { a: { '0': { b: 'a film' }, '1': { b: 'two films' } } }, /\["a"\]/],
    ['data.train', { meta: { v: 1 }, data: { train: [{ text: 'a film' }] } }, /\["data"\]\["train"\]/],
  ])('refuses rows two objects deep, and says what to do: %s', async (path, value, python) => {
    for (const column of [null, 'a.0.b']) {
      const failure = failureOf(await readAll(json(value), column).catch((thrown: unknown) => thrown))
      expect(failure.kind).toBe('invalid-request')
      expect(failure.advice).toContain(`The objects in “${path}” are not read as rows`)
      expect(failure.advice).toMatch(python)
    }
  })

  it('says that rows lie deeper where it reads others, and not of fields of rows', async () => {
    const answer = { response: { q: 'the text of a query', docs: [{ text: 'a film' }] } }
    expect((await preview(json(answer))).notes?.join(' ')).toMatch(/“response.docs” are not read/)
    const rows = { a: { text: 'a film', at: [{ from: 1 }] }, b: { text: 'two films', at: [{ from: 2 }] } }
    expect(String((await preview(json(rows))).notes)).not.toMatch(/not read/)
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

  it.each(['r.jsonl', 'r.json'])('reads arrays as rows with numbered columns: %s', async (name) => {
    const content = '["one good film", 1]\n\n["two films, both bad"]\n{"text": "no array"}\n[3, 0, "more"]\n'
    const read = await readAll(json(content, name))
    expect(read.reader).toMatchObject({ format: 'jsonl', column: '0' })
    expect(read.texts).toEqual(['one good film', 'two films, both bad', '3'])
    expect(read.malformed).toEqual([{ line: 4, reason: 'no “0”' }])
    expect((await preview(json(content, name))).columns).toContain('2')
    expect((await readAll(json(content, name), '2')).texts).toEqual(['more'])
  })

  it('leaves arrays of objects, a line each, to be reported', async () => {
    const read = await readAll(json('[{"text": "a good one"}]\n[{"text": "not read"}]\n', 'r.jsonl'))
    expect(read.texts).toEqual(['a good one'])
    expect(read.malformed).toEqual([{ line: 2, reason: 'not valid JSON' }])
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
