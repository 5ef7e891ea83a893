// @vitest-environment jsdom
import { act, cleanup, fireEvent, render, screen } from '@testing-library/react'
import type { ReactNode } from 'react'
import { afterEach, expect, it, vi } from 'vitest'
import type { NeighborRow } from '../../../state/selectors'
import { createAppStore } from '../../../state/store'
import { AppProvider } from '../../appContext'
import { neighbor } from '../reviewFixture'
import { type Effect, NeighborTable, type NeighborTableProps } from './NeighborTable'

afterEach(cleanup)

const rows = Array.from(
  { length: 12 },
  (_, i): NeighborRow => ({
    ...neighbor(100 + i, `word${i}`, 5 + i),
    rank: i + 1,
    chosen: i === 10,
    distance: i === 0 ? 6.9 : null,
    difference: i === 0 ? -0.0052 : null,
    flips: i === 0,
    divergence: i === 0 ? 0.0312 : null,
    probability: i === 0 ? 0.25 : null,
  }),
)

function tableOf(props: Partial<NeighborTableProps> = {}) {
  return (
    <NeighborTable
      rows={rows}
      norm="l2"
      short={3}
      lastLayer={12}
      effect="label"
      stale={false}
      onChoose={vi.fn()}
      {...props}
    />
  )
}

function open(props: Partial<NeighborTableProps> = {}) {
  const store = createAppStore()
  const wrapper = ({ children }: { readonly children: ReactNode }) => (
    <AppProvider store={store}>{children}</AppProvider>
  )
  render(tableOf(props), { wrapper })
  return store
}

const LINF = { norm: 'linf', short: 8 } as const

const cells = (row: number) =>
  Array.from(screen.getAllByRole('row')[row].querySelectorAll('td')).map(({ textContent }) => textContent)

it('shows the first eight and the chosen one, and all on demand', () => {
  open(LINF)
  expect(screen.getAllByRole('radio')).toHaveLength(9)
  expect(screen.getByRole<HTMLInputElement>('radio', { name: 'word10' }).checked).toBe(true)
  fireEvent.click(screen.getByRole('button', { name: '3 more' }))
  expect(screen.getAllByRole('radio')).toHaveLength(12)
})

it('shows the shift in the chosen norm, what is measured, and says that a label flips', () => {
  open(LINF)
  expect(screen.getByRole('columnheader', { name: 'shift l∞' })).toBeTruthy()
  expect(cells(1)).toEqual(['word0', '0.750', '0.50', '6.90', 'label flips: −0.0052'])
  expect(cells(2).slice(3)).toEqual(['·', '·'])
})

it.each<[Effect, string, string]>([
  ['next-token', 'KL next', 'top token flips: 0.0312'],
  ['mask', 'p', 'top token flips: 0.2500'],
])('shows for a language model (%s) what its head says', (effect, heading, shown) => {
  open({ ...LINF, effect })
  expect(screen.getByRole('columnheader', { name: heading })).toBeTruthy()
  expect(cells(1)[4]).toBe(shown)
  expect(cells(2)[4]).toBe('·')
})

it('chooses a row by its radio button', () => {
  const onChoose = vi.fn()
  open({ ...LINF, onChoose })
  fireEvent.click(screen.getByLabelText('word3'))
  expect(onChoose).toHaveBeenCalledExactlyOnceWith(103)
})

it('is sorted by its headings, and has all measured while it is sorted by what a forward tells', () => {
  const onWantAll = vi.fn()
  const measured = rows.map((row, i) => ({ ...row, distance: i === 5 ? null : 12 - i }))
  open({ rows: measured, onWantAll })
  const names = () => screen.getAllByRole('radio').map(({ id }) => id.replace('substitute-', ''))
  fireEvent.click(screen.getByRole('button', { name: 'shift l2' }))
  expect(names()).toEqual(['111', '110', '109'])
  expect(onWantAll).not.toHaveBeenCalled()
  fireEvent.click(screen.getByRole('button', { name: 'D at layer 12' }))
  expect(onWantAll).toHaveBeenLastCalledWith(true)
  expect(names()).toEqual(['100', '101', '102', '110'])
  fireEvent.click(screen.getByRole('button', { name: 'D at layer 12' }))
  expect(names()).toEqual(['111', '110', '109'])
  expect(screen.getByRole('columnheader', { name: 'D at layer 12' }).getAttribute('aria-sort')).toBe(
    'ascending',
  )
  fireEvent.click(screen.getByRole('button', { name: 'D at layer 12' }))
  expect(onWantAll).toHaveBeenLastCalledWith(false)
  expect(names()).toEqual(['100', '101', '102', '110'])
})

it('is in the order that the session keeps', () => {
  const store = open()
  act(() => store.getState().setOrder('substitutes', { column: 'token', direction: 'descending' }))
  expect(screen.getAllByRole('radio')[0].id).toBe('substitute-109')
  fireEvent.click(screen.getByRole('button', { name: 'cosine' }))
  expect(store.getState().session.orders.substitutes).toEqual({ column: 'cosine', direction: 'descending' })
})
