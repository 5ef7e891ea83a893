import Papa from 'papaparse'
import { describe, expect, it } from 'vitest'
import { failureOf } from '../../../core/failure'
import { createRandom } from '../../../core/random'
import { openCorpus } from '../openCorpus'
import { ChunkedFile, fileOf, preview, readAll, utf8 } from '../readingFixture'
import { MAX_ROW_CHARACTERS } from '../rowSource'

const csv = (text: string, name = 'reviews.csv') => fileOf(text, name)

describe('CSV', () => {
  it('reads quotes, delimiters and line breaks inside fields', async () => {
    const { texts, malformed, rows } = await readAll(
      csv('id,text\n1,"Long, but ""good"""\n2,"two\nlines"\n3,plain\n'),
    )
    expect(texts).toEqual(['Long, but "good"', 'two\nlines', 'plain'])
    expect(rows).toEqual([0, 1, 2])
    expect(malformed).toEqual([])
  })

  it('gives the same rows however the stream is cut', async () => {
    const text =
      '\ufeffid,text\r\n1,"Été 🎬, ""well""\r\n made"\r\n2,🙂🙂\r\nbad\r\n3,"a ""quote"" at the end"""\r\n4,last one'
    const whole = await readAll(csv(text), 'text')
    expect(whole.texts).toEqual(['Été 🎬, "well"\r\n made', '🙂🙂', 'a "quote" at the end"', 'last one'])
    expect(whole.malformed).toEqual([{ line: 5, reason: '1 field where the header has 2' }])
    for (let size = 1; size < 24; size++) {
      const cut = await readAll(new ChunkedFile(utf8(text), 'reviews.csv', size), 'text')
      expect(cut.texts).toEqual(whole.texts)
      expect(cut.malformed).toEqual(whole.malformed)
    }
  })

  it('reports malformed rows by their line, quoted line breaks before them counted', async () => {
    const { texts, malformed } = await readAll(
      csv(
        'id,text\n1,"one\ntwo\nthree"\n2,too,many\n3,good one\n\n4,"not "doubled" here"\n5,\n6,fine again\n',
      ),
    )
    expect(texts).toEqual(['one\ntwo\nthree', 'good one', 'fine again'])
    expect(malformed).toEqual([
      { line: 5, reason: '3 fields where the header has 2' },
      { line: 8, reason: 'a quote inside a quoted field that is not doubled' },
      { line: 9, reason: '“text” is empty' },
    ])
  })

  it('keeps the good rows behind a quote that never closes', async () => {
    const good = Array.from({ length: 5000 }, (_, i) => `${i},a good row with some words`)
    const { texts, malformed } = await readAll(csv(['id,text', '0,"never closed', ...good].join('\n')))
    expect(texts).toHaveLength(5000)
    expect(malformed).toEqual([{ line: 2, reason: 'a quote that never closes' }])
  })

  it('keeps the good rows behind many stray quotes', async () => {
    const rows = Array.from({ length: 3000 }, (_, i) =>
      i % 3 === 0 ? `${i},"stray` : `${i},good words here`,
    )
    const { texts, malformed, malformedTotal } = await readAll(csv(['id,text', ...rows].join('\n')))
    expect(texts).toEqual(Array.from({ length: 2000 }, () => 'good words here'))
    expect(malformedTotal).toBe(1000)
    expect(malformed).toHaveLength(100)
    expect(malformed[99].line).toBe(299)
  })

  it('takes a long quoted field for one, though chunks end behind its quotes', async () => {
    const long = 'He said "no" twice. '.repeat(12_000)
    const field = `"${long.replaceAll('"', '""')}"`
    const { texts, malformed } = await readAll(csv(`id,text\n1,${field}   \n2,${field}\n3,end\n`))
    expect(texts).toEqual([long, long, 'end'])
    expect(malformed).toEqual([])
  })

  it('takes a closing quote for one, though a chunk ends in the space behind it', async () => {
    const head = 'id,text\n1,"'
    const long = 'w'.repeat(4 * 32_768 - head.length - 2)
    const { texts, malformed } = await readAll(csv(`${head}${long}" \n2,end\n`))
    expect(texts).toEqual([long, 'end'])
    expect(malformed).toEqual([])
  })

  it('holds no more than 16 million characters for a quote that never closes', async () => {
    const row = `9,${'good words '.repeat(100)}\n`
    const file = csv(`id,text\n0,"stray\n1,"stray\n${row.repeat(18_000)}`)
    const { texts, malformed, reader } = await readAll(file)
    expect(texts).toHaveLength(18_000)
    expect(malformed).toEqual([
      { line: 2, reason: 'a quote inside a quoted field that is not doubled' },
      { line: 3, reason: 'a quote that never closes' },
    ])
    for await (const batch of reader.batches()) {
      if (batch.texts.length === 0) continue
      expect(batch.bytesRead).toBeLessThan(17_000_000)
      break
    }
    expect(file.size).toBeGreaterThan(19_000_000)
  })

  it('reports a row of 50 MB and goes on behind it', async () => {
    const huge = new Blob(Array.from({ length: 50 }, () => 'word '.repeat(200_000)))
    const { texts, malformed } = await readAll(
      fileOf(new Blob(['id,text\n1,before\n2,"', huge, '"\n3,after\n']), 'reviews.csv'),
    )
    expect(huge.size).toBeGreaterThan(MAX_ROW_CHARACTERS)
    expect(texts).toEqual(['before', 'after'])
    expect(malformed).toEqual([{ line: 3, reason: 'longer than 16 million characters' }])
  })

  it('reads back whatever is written, in chunks of any size', async () => {
    const alphabet = ['a', ' ', ',', '"', '\n', '\r\n', 'é', '🎬', ';', 'b c']
    for (let seed = 0; seed < 300; seed++) {
      const random = createRandom(seed, 0, 'sample')
      const texts = Array.from({ length: 1 + random.below(8) }, () => {
        const inner = Array.from({ length: random.below(8) }, () => alphabet[random.below(alphabet.length)])
        return `x${inner.join('')}y`
      })
      const rows = texts.map((text, id) => [String(id), text])
      const options = { newline: random.below(2) ? '\r\n' : '\n', quotes: random.below(2) === 1 }
      const written = utf8(Papa.unparse([['id', 'text'], ...rows], options))
      const read = await readAll(new ChunkedFile(written, 'reviews.csv', 1 + random.below(9)), 'text')
      expect(read.texts).toEqual(texts)
      expect(read.malformed).toEqual([])
    }
  })

  it('reads quotes behind a backslash, however the stream is cut', async () => {
    const text =
      'id,text\n1,"said \\"yes\\", \\\\ twice"\n2,"a\\\nb ""c"""\n3,"ends \\""\n4,x \\, y\nbad,1,2\n5,last \\'
    const expected = ['said "yes", \\ twice', 'a\nb "c"', 'ends "', 'x , y', 'last \\']
    for (let size = 1; size < 24; size++) {
      const { texts, malformed } = await readAll(new ChunkedFile(utf8(text), 'reviews.csv', size), 'text')
      expect(texts).toEqual(expected)
      expect(malformed).toEqual([{ line: 7, reason: '3 fields where the header has 2' }])
    }
  })

  it('finds a quote behind a backslash that first comes late, and names one that comes later still', async () => {
    const plain = (count: number) =>
      Array.from({ length: count }, (_, at) => `"plain film ${at}",1\n`).join('')
    const late = '"he said \\"well, no\\" loudly",0\n"x, y",1\n'
    const { texts, malformed } = await readAll(csv(`text,label\n${plain(150)}${late}`))
    expect(texts.slice(150)).toEqual(['he said "well, no" loudly', 'x, y'])
    expect(malformed).toEqual([])
    const beyondHead = await readAll(csv(`text,label\n${plain(20_000)}${late}`))
    expect(beyondHead.texts.slice(20_000)).toEqual(['x, y'])
    expect(beyondHead.malformed).toEqual([
      { line: 20_002, reason: expect.stringMatching(/quote behind a backslash.*--backslash/) },
    ])
  })

  it('says where a backslash before a quote leaves a doubt, and does as it is told', async () => {
    const file = csv('id,text\n1,"Films in C:\\films\\"\n2,"Films in D:\\films\\"\n')
    expect((await readAll(file)).texts).toEqual(['Films in C:\\films\\', 'Films in D:\\films\\'])
    const unsure = csv('id,text\n1,a \\"b\\" c\n2,d e\n')
    const seen = await preview(unsure)
    expect(seen.notes?.join()).toMatch(/A backslash stands before a quote.*--backslash/)
    const asked = async (backslash: boolean) => {
      const source = { kind: 'file', file: unsure, column: 'text', reading: { backslash } } as const
      const texts: string[] = []
      const reader = await openCorpus(source, { base: 'http://localhost/' })
      for await (const batch of reader.batches()) texts.push(...batch.texts.map(({ text }) => text))
      return texts
    }
    expect(await asked(false)).toEqual(['a \\"b\\" c', 'd e'])
    expect(await asked(true)).toEqual(['a "b" c', 'd e'])
  })

  it('finds other delimiters', async () => {
    const { texts } = await readAll(csv('id;text\n1;Good, very good\n2;Bad, very bad\n'))
    expect(texts).toEqual(['Good, very good', 'Bad, very bad'])
  })

  it('reads one column without delimiters, and headers that need names', async () => {
    expect((await readAll(csv('review\nSo, so good\n"So, ""bad"""\n'))).texts).toEqual([
      'So, so good',
      'So, "bad"',
    ])
    expect((await preview(csv('a,,a,a 2\n1,2,3,4\n'))).columns).toEqual(['a', 'column 2', 'a 2', 'a 2 2'])
  })

  it('reads columns called like properties of objects', async () => {
    const { texts } = await readAll(csv('__proto__,constructor\nsome words,1\n'), '__proto__')
    expect(texts).toEqual(['some words'])
  })

  it('gives no rows for a header alone', async () => {
    const { texts, malformed } = await readAll(csv('id,text\n'), 'text')
    expect(texts).toEqual([])
    expect(malformed).toEqual([])
    expect((await preview(csv('id,text'))).columns).toEqual(['id', 'text'])
  })

  it.each([
    ['\n\n', 'reviews.csv is empty: it holds only blank lines.'],
    ['id,"text\n1,a\n', 'The header of reviews.csv cannot be read: a quote that never closes.'],
  ])('refuses a file without a header: %j', async (text, message) => {
    const failure = failureOf(await readAll(csv(text)).catch((thrown: unknown) => thrown))
    expect(failure).toMatchObject({ kind: 'damaged-file', message })
    expect(failure.advice).toBeTruthy()
  })

  it('reads a row only once however often it is asked, from the beginning each time', async () => {
    const { reader } = await readAll(csv('id,text\n1,a b\n2\n'), 'text')
    const again: string[] = []
    for await (const { texts } of reader.batches()) again.push(...texts.map(({ text }) => text))
    expect(again).toEqual(['a b'])
    expect(reader.malformed().total).toBe(1)
  })
})

describe('TSV', () => {
  it('reads quoted fields, and quotes that are only letters', async () => {
    const { texts, malformed } = await readAll(
      csv('id\ttext\n1\t"quoted\ttab"\n2\t"Great" film\n3\t"never closed\n4\tplain, "so"\n', 'reviews.tsv'),
    )
    expect(texts).toEqual(['quoted\ttab', '"Great" film', '"never closed', 'plain, "so"'])
    expect(malformed).toEqual([])
  })
})
