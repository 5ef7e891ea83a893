// @vitest-environment jsdom
import { act, cleanup, fireEvent, render, screen } from '@testing-library/react'
import { afterEach, expect, it } from 'vitest'
import { BUILT_IN } from '../../core/modelSource'
import type { ModelState } from '../../state/appState'
import { AppProvider } from '../appContext'
import { storeWith } from '../explore/reviewFixture'
import { LoadBar, LoadFailure } from './LoadBar'

afterEach(cleanup)

function open(changes: Partial<ModelState>) {
  const store = storeWith('one')
  const set = (next: Partial<ModelState>) =>
    act(() => store.setState(({ model }) => ({ model: { ...model, ...next } })))
  render(
    <AppProvider store={store}>
      <LoadBar />
      <LoadFailure />
    </AppProvider>,
  )
  set(changes)
  return { store, set }
}

it('shows how many of how many MB have come, and can be stopped', () => {
  const { store } = open({
    status: 'loading',
    opening: BUILT_IN,
    progress: { stage: 'files', loadedBytes: 8_400_000, totalBytes: 33_600_000 },
  })
  const bar = screen.getByRole('progressbar')
  expect(bar.getAttribute('aria-valuenow')).toBe('25')
  expect(bar.getAttribute('aria-valuetext')).toBe('8.4 of 33.6 MB')
  fireEvent.click(screen.getByRole('button', { name: 'Stop' }))
  expect(store.getState().model).toMatchObject({ status: 'idle', failure: { kind: 'cancelled' } })
})

it('says what happened, what was kept and what to do, and tries again', () => {
  const { store } = open({
    status: 'error',
    failure: { kind: 'network', message: 'No answer.', kept: 'Your text is kept.', advice: 'Try later.' },
  })
  expect(screen.getByRole('alert').textContent).toBe('No answer. Your text is kept. Try later.')
  fireEvent.click(screen.getByRole('button', { name: 'Try again' }))
  expect(store.getState().model).toMatchObject({ status: 'loading', opening: BUILT_IN })
})

it('is gone once the model is open', () => {
  open({ status: 'ready', failure: null })
  expect(screen.queryByRole('progressbar')).toBeNull()
  expect(screen.queryByRole('alert')).toBeNull()
})
