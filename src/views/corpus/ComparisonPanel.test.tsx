// @vitest-environment jsdom
import { act, cleanup, fireEvent, screen, within } from '@testing-library/react'
import { afterEach, expect, it, vi } from 'vitest'
import { createTestCorpus, SETTINGS, storedRun } from '../../state/corpus/corpusFixture'
import { CompareChoices } from './CompareDialog'
import { ComparisonPanel } from './ComparisonPanel'
import { openCorpusPart } from './corpusPageFixture'

afterEach(cleanup)

const other = storedRun('other', 'finished', {
  layers: 6,
  settings: { ...SETTINGS, seed: 8, readings: 16 },
  provenance: {
    modelId: 'hub/other',
    sha256: 'b'.repeat(64),
    precision: 'fp32',
    device: 'test',
    shipped: false,
  },
})

async function open() {
  const service = createTestCorpus([other])
  const onClose = vi.fn()
  const page = openCorpusPart(
    <>
      <CompareChoices onClose={onClose} />
      <ComparisonPanel />
    </>,
    service,
  )
  await act(() => service.answerAll())
  return { ...page, service, onClose }
}

const panel = () => screen.queryByRole('region', { name: 'Comparison of two runs' })

it('keeps the open run for the next one, and says what to do', async () => {
  const { service, onClose } = await open()
  expect(panel()).toBeNull()
  fireEvent.click(screen.getByRole('button', { name: 'Compare with the next run' }))
  expect(onClose).toHaveBeenCalledOnce()
  await act(async () => service.answerAll())
  expect(service.calls.find(({ method }) => method === 'compareWith')?.arguments).toEqual([{ kind: 'open' }])
})

it('says what both runs are and in what they differ, and gives their differences as a table', async () => {
  const { service } = await open()
  fireEvent.click(screen.getByRole('button', { name: 'Compare with other.csv, hub/other' }))
  await act(async () => {
    await new Promise((resolve) => setTimeout(resolve, 0))
    await service.waiting('compareWith').resolve(other)
    await service.answerAll()
  })
  const text = panel()?.textContent
  expect(text).toContain('tiny open')
  expect(text).toContain('other saved')
  expect(text).toContain('hub/other · fp32 · test')
  expect(text).toContain('Other texts: shipped.csv (2,000 rows) against other.csv (2,000 rows).')
  expect(text).toContain('Other settings: seed 7 against 8; readings every position against 16.')
  expect(text).toContain('2 layers against 6')
  const rows = within(screen.getByRole('table')).getAllByRole('row')
  expect(rows[1].textContent).toBe('commonnessslope, shift in l2500−2.00500−2.000')
  const comparedCalls = service.calls.filter(({ method }) => method === 'figures')
  expect(comparedCalls.at(-1)?.arguments).toEqual([{ norm: 'l2', run: 'compared' }])

  fireEvent.click(screen.getByRole('button', { name: 'Stop comparing' }))
  await act(async () => service.answerAll())
  expect(panel()).toBeNull()
})

it('says why figures of the other run did not come', async () => {
  const { service } = await open()
  fireEvent.click(screen.getByRole('button', { name: 'Compare with other.csv, hub/other' }))
  await act(async () => {
    await new Promise((resolve) => setTimeout(resolve, 0))
    await service.waiting('compareWith').resolve()
    await service.waiting('figures').reject({ kind: 'worker-lost', message: 'The worker stopped.' })
  })
  expect(within(panel() as HTMLElement).getByRole('alert').textContent).toContain('The worker stopped.')
})
