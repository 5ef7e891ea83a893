// @vitest-environment jsdom
import { cleanup, fireEvent, render, screen, within } from '@testing-library/react'
import { afterEach, expect, it, vi } from 'vitest'
import { ChartFrame } from './ChartFrame'
import { DataTable } from './DataTable'

afterEach(cleanup)

it('shows the table behind a chart on demand, and makes it only then', () => {
  const table = vi.fn(() => (
    <DataTable
      caption="Distance by layer"
      columns={[{ heading: 'layer' }, { heading: 'D', numeric: true }]}
      rows={[
        { id: 0, cells: ['emb', '9.16'] },
        { id: 1, cells: ['1', '10.3'] },
      ]}
    />
  ))
  render(
    <ChartFrame
      heading="Distance by layer"
      subtitle="l2"
      table={table}
      actions={<button type="button">SVG</button>}
    >
      <svg aria-hidden="true" />
    </ChartFrame>,
  )
  const toggle = screen.getByRole('button', { name: 'Table' })
  expect(toggle.getAttribute('aria-expanded')).toBe('false')
  expect(table).not.toHaveBeenCalled()
  expect(screen.queryByRole('table')).toBeNull()

  fireEvent.click(toggle)
  expect(toggle.getAttribute('aria-expanded')).toBe('true')
  const shown = screen.getByRole('table', { name: 'Distance by layer' })
  expect(
    within(shown)
      .getAllByRole('columnheader')
      .map((head) => head.textContent),
  ).toEqual(['layer', 'D'])
  expect(within(shown).getByRole('rowheader', { name: 'emb' })).toBeTruthy()
  expect(within(shown).getByRole('cell', { name: '10.3' }).className).toBe('chart-numeric')

  fireEvent.click(toggle)
  expect(screen.queryByRole('table')).toBeNull()
})

it('offers no table where there is none', () => {
  render(<ChartFrame heading="Ripple">…</ChartFrame>)
  expect(screen.queryByRole('button')).toBeNull()
  expect(screen.getByRole('region', { name: 'Ripple' })).toBeTruthy()
})

it('shows columns of the same name side by side, without a complaint', () => {
  const complain = vi.spyOn(console, 'error').mockImplementation(() => undefined)
  const columns = [{ heading: 'layer' }, { heading: 'is → are' }, { heading: 'is → are' }]
  render(<DataTable caption="D" columns={columns} rows={[{ id: 0, cells: ['emb', '1', '2'] }]} />)
  expect(screen.getAllByRole('cell').map((cell) => cell.textContent)).toEqual(['1', '2'])
  expect(complain).not.toHaveBeenCalled()
  complain.mockRestore()
})
