// @vitest-environment jsdom
import { cleanup, fireEvent, render, screen } from '@testing-library/react'
import { afterEach, describe, expect, it } from 'vitest'
import { DataTable } from './DataTable'
import { nextSort, sortRows } from './sorting'

afterEach(cleanup)

const own = (row: number | string | null) => row

describe('sorting rows', () => {
  it('puts what has no value last in either direction, and keeps equal rows in their order', () => {
    const rows = [2, null, 10, Number.NaN, 1]
    expect(sortRows(rows, { column: 'x', direction: 'ascending' }, own)).toEqual([1, 2, 10, null, Number.NaN])
    expect(sortRows(rows, { column: 'x', direction: 'descending' }, own)).toEqual([
      10,
      2,
      1,
      null,
      Number.NaN,
    ])
    const pairs = [
      { key: 1, name: 'b' },
      { key: 1, name: 'a' },
      { key: 2, name: 'c' },
    ]
    for (const direction of ['ascending', 'descending'] as const) {
      const names = sortRows(pairs, { column: 'key', direction }, ({ key }) => key).map(({ name }) => name)
      expect(names.filter((name) => name !== 'c')).toEqual(['b', 'a'])
    }
  })

  it('sorts words as a dictionary does', () => {
    const rows = ['zebra', 'Ähre', 'apple']
    expect(sortRows(rows, { column: 'x', direction: 'ascending' }, own)).toEqual(['Ähre', 'apple', 'zebra'])
  })

  it('goes from the first direction to the other and back to no order', () => {
    const first = nextSort(null, 'a', 'descending')
    const second = nextSort(first, 'a', 'descending')
    expect([first, second, nextSort(second, 'a', 'descending')]).toEqual([
      { column: 'a', direction: 'descending' },
      { column: 'a', direction: 'ascending' },
      null,
    ])
    expect(nextSort(first, 'b', 'ascending')).toEqual({ column: 'b', direction: 'ascending' })
  })
})

describe('a table', () => {
  const columns = [{ heading: 'token' }, { heading: 'count', numeric: true }]
  const row = (token: string, count: number) => ({
    id: token,
    cells: [token, `${count}×`],
    values: [token, count],
  })
  const names = () => screen.getAllByRole('rowheader').map(({ textContent }) => textContent)

  it('is sorted by the buttons in its headings, which say so', () => {
    render(<DataTable caption="Tokens" columns={columns} rows={[row('b', 2), row('a', 10), row('c', 1)]} />)
    expect(names()).toEqual(['b', 'a', 'c'])
    fireEvent.click(screen.getByRole('button', { name: 'count' }))
    expect(names()).toEqual(['a', 'b', 'c'])
    expect(screen.getByRole('columnheader', { name: 'count' }).getAttribute('aria-sort')).toBe('descending')
    expect(screen.getByRole('columnheader', { name: 'token' }).getAttribute('aria-sort')).toBe('none')
    fireEvent.click(screen.getByRole('button', { name: 'token' }))
    expect(names()).toEqual(['a', 'b', 'c'])
    fireEvent.click(screen.getByRole('button', { name: 'token' }))
    expect(names()).toEqual(['c', 'b', 'a'])
    fireEvent.click(screen.getByRole('button', { name: 'token' }))
    expect(names()).toEqual(['b', 'a', 'c'])
  })

  it('whose rows have no values stays as it is', () => {
    render(<DataTable caption="Tokens" columns={columns} rows={[{ id: 1, cells: ['a', '1'] }]} />)
    expect(screen.queryByRole('button')).toBeNull()
  })
})
