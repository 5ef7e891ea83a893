// @vitest-environment jsdom
import { cleanup, render, screen } from '@testing-library/react'
import { afterEach, expect, it } from 'vitest'
import { PointTable } from './PointTable'

afterEach(cleanup)

const columns = [{ heading: 'shift', values: Float32Array.from({ length: 1200 }, (_, i) => i) }]
const body = () => screen.getAllByRole('row').slice(1)

it('shows the first 500 of many and says how many there are', () => {
  render(<PointTable caption="Shift" columns={columns} nameOf={(i) => `token ${i}`} />)
  expect(body()).toHaveLength(500)
  expect(body()[499].textContent).toBe('token 499499')
  expect(screen.getByRole('table', { name: 'Shift; points: first 500 of 1,200' })).toBeTruthy()
})

it('shows a selection alone, also an empty one', () => {
  const { rerender } = render(
    <PointTable caption="Shift" columns={columns} selected={Uint32Array.from([7, 1100])} />,
  )
  expect(body().map((row) => row.textContent)).toEqual(
    ['87.00', '1,1011,100'].map((s) => s.replace('1,101', '1101')),
  )
  rerender(<PointTable caption="Shift" columns={columns} selected={new Uint32Array(0)} />)
  expect(screen.getByRole('table', { name: 'Shift; selected points: 0' })).toBeTruthy()
})
