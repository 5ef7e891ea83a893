import { csvParse } from 'd3-dsv'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { formatCsv, forSpreadsheet } from './csv'

const TEXTS = [
  '=1+1',
  '+1',
  '-',
  '@SUM(A1)',
  '\t=1',
  '\r',
  ' =1',
  '＝1',
  'plain',
  'a "quote", and\nmore',
  '##ful',
]
const table = (texts: readonly string[]) =>
  formatCsv(
    ['token', 'value'],
    texts.map((token) => ({ token, value: -0.5 })),
  )

describe('a CSV file', () => {
  it('carries every token as it is, the punctuation that a join needs first', () => {
    const punctuation = [...'!"#$%&\'()*+,-./:;<=>?@[\\]^_`{|}~', '--', '...', "'-"]
    expect(csvParse(table([...punctuation, ...TEXTS])).map(({ token }) => token)).toEqual([
      ...punctuation,
      ...TEXTS,
    ])
  })

  it('carries any text', () => {
    fc.assert(
      fc.property(fc.array(fc.string({ unit: 'binary' })), (texts) => {
        expect(csvParse(table(texts)).map(({ token }) => token)).toEqual(texts)
      }),
    )
  })

  it('has empty cells where there is no value', () => {
    expect(formatCsv(['a', 'b', 'c', 'd'], [{ a: null, b: Number.NaN, c: 0 }])).toBe('a,b,c,d\n,,0,\n')
  })
})

describe('a CSV file for a spreadsheet', () => {
  it('keeps text from being read as a formula, and numbers as numbers', () => {
    const rows = csvParse(forSpreadsheet(table(TEXTS)))
    expect(rows.map(({ token }) => token)).toEqual([
      "'=1+1",
      '+1',
      "'-",
      "'@SUM(A1)",
      "'\t=1",
      "'\r",
      "' =1",
      "'＝1",
      ...TEXTS.slice(8),
    ])
    expect(rows.every(({ value }) => value === '-0.5')).toBe(true)
  })
})
