// @vitest-environment jsdom
import { act, cleanup, fireEvent, screen } from '@testing-library/react'
import { afterEach, expect, it, vi } from 'vitest'
import { createTestCorpus, SETTINGS } from '../../state/corpus/corpusFixture'
import { QUICK_SETTINGS } from '../../state/corpus/corpusPresets'
import { openCorpusPart } from './corpusPageFixture'
import { SettingsForm } from './SettingsDialog'

afterEach(cleanup)

async function open() {
  const service = createTestCorpus()
  const onClose = vi.fn()
  const onSource = vi.fn()
  const page = openCorpusPart(<SettingsForm onClose={onClose} onSource={onSource} />, service, {
    run: { settings: SETTINGS, source: { kind: 'bundled' } },
  })
  await act(() => service.answerAll())
  return { ...page, service, onClose, onSource }
}

const field = (name: string) => screen.getByRole<HTMLInputElement>('textbox', { name })
const estimate = () => screen.getByRole('status').textContent

it('begins with the settings of the session, says what a run takes, and starts it', async () => {
  const { service } = await open()
  expect(field('Sample size').value).toBe('500')
  expect(estimate()).toBe('Up to 3,000 model runs: 6 a review.')
  fireEvent.change(field('Sample size'), { target: { value: ' 40 ' } })
  fireEvent.click(screen.getByRole('radio', { name: 'l∞' }))
  fireEvent.click(screen.getByRole('checkbox', { name: 'swap with the next' }))
  fireEvent.click(screen.getByRole('checkbox', { name: 'mask' }))
  fireEvent.click(screen.getByRole('button', { name: 'Run' }))
  expect(service.waiting('start').arguments.slice(0, 2)).toEqual([
    { kind: 'bundled' },
    { ...SETTINGS, sampleSize: 40, norm: 'linf', perturbations: ['mask', 'swap'] },
  ])
})

it('refuses what is no number within its bounds, and says which are', async () => {
  const { service, store } = await open()
  for (const wrong of ['', '0', '1.5', '-3', '1e3', '99999999']) {
    fireEvent.change(field('Sample size'), { target: { value: wrong } })
    expect(field('Sample size').getAttribute('aria-invalid'), wrong).toBe('true')
    fireEvent.click(screen.getByRole('button', { name: 'Run' }))
    fireEvent.click(screen.getByRole('button', { name: 'Keep for the next run' }))
  }
  expect(screen.getByText('A whole number from 1 to 1,000,000.')).toBeTruthy()
  expect(estimate()).toMatch(/out of its bounds/)
  expect(service.count('start')).toBe(0)
  expect(store.getState().session.run?.settings).toEqual(SETTINGS)
})

it('fills in a preset and keeps it for the next run', async () => {
  const { store, onClose, service } = await open()
  fireEvent.click(screen.getByRole('button', { name: 'Quick look' }))
  expect(field('Random pairs').value).toBe('1')
  expect(field('Positions read in each review').value).toBe('16')
  fireEvent.click(screen.getByRole('button', { name: 'Keep for the next run' }))
  expect(store.getState().session.run?.settings).toEqual(QUICK_SETTINGS)
  expect(onClose).toHaveBeenCalledOnce()
  expect(service.count('start')).toBe(0)
})
