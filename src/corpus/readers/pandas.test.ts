import { readFileSync } from 'node:fs'
import { describe, expect, it } from 'vitest'
import type { FileReading } from '../../core/corpus/corpusService'
import { openCorpus } from './openCorpus'
import { preview, readAll } from './readingFixture'

interface Expected {
  readonly texts: readonly string[]
  readonly column: string
  readonly reading?: FileReading
}

const FOLDER = new URL('../../../fixtures/corpora/', import.meta.url)
const EXPECTED: Readonly<Record<string, Expected>> = JSON.parse(
  readFileSync(new URL('expected.json', FOLDER), 'utf8'),
)
const fileAt = (name: string) => new File([readFileSync(new URL(name, FOLDER))], name)

async function textsOf(file: File, column: string | null, reading?: FileReading): Promise<string[]> {
  const texts: string[] = []
  const reader = await openCorpus({ kind: 'file', file, column, reading }, { base: 'http://localhost/' })
  for await (const batch of reader.batches()) texts.push(...batch.texts.map(({ text }) => text))
  return texts
}

describe('a corpus as pandas reads it', () => {
  it.each(Object.entries(EXPECTED))('%s', async (name, { texts, column, reading }) => {
    expect(await textsOf(fileAt(name), column, reading)).toEqual(texts)
  })

  it.each(Object.entries(EXPECTED).filter(([, { reading }]) => !reading))(
    '%s, whose column is found',
    async (name, { texts }) => {
      expect((await readAll(fileAt(name))).texts).toEqual(texts)
    },
  )
})

it('says which rows are left out for a sign of a missing value', async () => {
  const reader = await openCorpus(
    { kind: 'file', file: fileAt('missing-quoted.csv'), column: null },
    { base: 'http://localhost/' },
  )
  for await (const _ of reader.batches());
  const { rows, total, missing } = reader.malformed()
  expect({ total, missing }).toEqual({ total: 8, missing: 8 })
  expect(rows[0]).toEqual({ line: 3, reason: '“text” is “NA”, which stands for a missing value' })
})

it('offers the fields of structures in Parquet as columns, and no lists', async () => {
  expect(await preview(fileAt('structures.parquet'))).toMatchObject({
    columns: ['id', 'review.text', 'review.by.name'],
    likelyColumn: 'review.text',
  })
  expect(await textsOf(fileAt('structures.parquet'), 'review.by.name')).toEqual(['Ann Other', 'Bo Else'])
})

describe('what is found out of a file', () => {
  it.each([
    ['gb18030.csv', 'GB18030'],
    ['shift_jis.csv', 'Shift_JIS'],
    ['cp1251.csv', 'windows-1251'],
    ['cp1252.csv', 'windows-1252'],
    ['euc_kr.csv', 'EUC-KR'],
    ['iso2022_jp.csv', 'ISO-2022-JP'],
    ['mac_roman.csv', 'macintosh'],
    ['mac_cyrillic.csv', 'x-mac-cyrillic'],
    ['iso8859_15.csv', 'iso-8859-15'],
    ['cp866.csv', 'IBM866'],
  ])('is said: %s is in %s', async (name, encoding) => {
    expect((await preview(fileAt(name))).encoding).toBe(encoding)
  })

  it.each([
    [
      'no-header.csv',
      { delimiter: ',', header: null, backslash: false, keepNa: false },
      /first line reads as a row/,
    ],
    ['titles.csv', { delimiter: ',', header: 4, backslash: false, keepNa: false }, /named by line 4/],
    [
      'r-row-names.csv',
      { delimiter: ',', header: 1, backslash: false, keepNa: false },
      /row names|taken for their names/,
    ],
    [
      'backslash.csv',
      { delimiter: ',', header: 1, backslash: true, keepNa: false },
      /stand behind a backslash/,
    ],
    ['pandas-split.json', undefined, /rows are those of “data”/],
  ])('is said: %s', async (name, reading, note) => {
    const seen = await preview(fileAt(name))
    expect(seen.reading).toEqual(reading)
    expect(seen.notes?.join(' ')).toMatch(note)
  })

  it('leaves the choice between rows and columns', async () => {
    const seen = await preview(fileAt('ambiguous.json'))
    expect(seen.reading).toEqual({ orient: 'rows' })
    expect(seen.columns).toEqual(['a', 'b'])
    expect(seen.notes).toEqual([
      'Its objects are read as rows, but may be columns (in the command: --orient columns).',
    ])
    expect((await preview(fileAt('pandas-columns.json'))).notes).toBeUndefined()
  })
})
