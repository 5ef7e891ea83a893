import { csvParse } from 'd3-dsv'
import { expect, it } from 'vitest'
import { formatCsv } from './csv'

it('keeps text from being read as a formula, and numbers as numbers', () => {
  const texts = ['=1+1', '+1', '-', '@SUM(A1)', '\t=1', ' =1', 'plain', 'a "quote", and\nmore', '##ful']
  const csv = formatCsv(
    ['token', 'value'],
    texts.map((token) => ({ token, value: -0.5 })),
  )
  const rows = csvParse(csv)
  expect(rows.map(({ token }) => token)).toEqual([
    "'=1+1",
    "'+1",
    "'-",
    "'@SUM(A1)",
    "'\t=1",
    "' =1",
    ...texts.slice(6),
  ])
  expect(rows.every(({ value }) => value === '-0.5')).toBe(true)
})

it('leaves cells empty where there is no value', () => {
  expect(formatCsv(['a', 'b', 'c', 'd'], [{ a: null, b: Number.NaN, c: 0 }])).toBe('a,b,c,d\n,,0,\n')
})
