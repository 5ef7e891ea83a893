import { describe, expect, it } from 'vitest'
import { failureOf } from '../../core/failure'
import { ChunkedFile, fileOf, preview, readAll, utf8 } from './readingFixture'

describe('a preview', () => {
  it('shows columns, the likely one, cut rows and what is malformed', async () => {
    const long = `${'x'.repeat(199)}🙂 and more`
    const file = fileOf(`id,text,url\n1,"A fine film, all told",http://a.b/c\n2\n3,${long},d\n`, 'r.csv')
    expect(await preview(file)).toEqual({
      name: 'r.csv',
      format: 'csv',
      bytes: file.size,
      encoding: 'UTF-8',
      reading: { delimiter: ',', header: 1, backslash: false, keepNa: false },
      columns: ['id', 'text', 'url'],
      likelyColumn: 'text',
      rows: [
        ['1', 'A fine film, all told', 'http://a.b/c'],
        ['2', '', ''],
        ['3', `${'x'.repeat(199)}…`, 'd'],
      ],
      totalRows: null,
      malformed: [],
    })
  })

  it('has no columns where the rows are texts', async () => {
    const { columns, likelyColumn: likely, rows } = await preview(fileOf('one\n\ntwo\n', 'r.txt'))
    expect({ columns, likely, rows }).toEqual({ columns: [], likely: null, rows: [['one'], ['two']] })
  })

  it('gathers the columns of rows that each name their own', async () => {
    const file = fileOf('{"b": 1}\n{"a": {"c": 2}, "b": null}\n', 'r.jsonl')
    const { columns, rows, likelyColumn: likely } = await preview(file)
    expect({ columns, rows, likely }).toEqual({
      columns: ['b', 'a.c'],
      rows: [
        ['1', ''],
        ['', '2'],
      ],
      likely: null,
    })
  })

  it('reads no more than the beginning', async () => {
    const file = new ChunkedFile(utf8(`text\n${'some words in a row\n'.repeat(100_000)}`), 'r.csv', 1000)
    expect((await preview(file)).rows).toHaveLength(20)
    expect(file.chunksTaken).toBeLessThan(10)
  })
})

describe('the column', () => {
  const csv = fileOf('id,title,text\n1,Short one,A somewhat longer text\n', 'r.csv')
  it('is the likely one unless one is asked for', async () => {
    expect((await readAll(csv)).reader.column).toBe('text')
    expect((await readAll(csv, 'title')).texts).toEqual(['Short one'])
    expect((await readAll(csv, 'id')).texts).toEqual(['1'])
  })

  it.each([
    [csv, 'review', 'r.csv has no column “review”; it has id, title, text.'],
    [fileOf('{"body": "a b"}\n', 'r.jsonl'), 'review', 'r.jsonl has no column “review”; it has body.'],
    [fileOf('id,n\n1,2\n', 'r.csv'), null, 'No column of r.csv looks like text: id, n.'],
  ])('that is not there is refused', async (file, column, message) => {
    const failure = failureOf(await readAll(file, column).catch((thrown: unknown) => thrown))
    expect(failure).toMatchObject({ kind: 'invalid-request', message })
  })
})
