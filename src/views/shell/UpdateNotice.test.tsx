// @vitest-environment jsdom
import { act, cleanup, fireEvent, render, screen } from '@testing-library/react'
import { afterEach, expect, it } from 'vitest'
import type { OfflineState } from '../../state/results'
import { createAppStore } from '../../state/store'
import { AppProvider } from '../appContext'
import { HostsPanel } from './HostsPanel'
import { Notices } from './Notices'

afterEach(cleanup)

function open() {
  const store = createAppStore()
  render(
    <AppProvider store={store}>
      <Notices />
      <HostsPanel />
    </AppProvider>,
  )
  const change = (changes: Partial<OfflineState>) =>
    act(() => store.setState(({ offline }) => ({ offline: { ...offline, ...changes } })))
  return { store, change }
}

const reload = () => screen.queryByRole('button', { name: 'Reload' })

it('offers a new version where screen readers hear it, and goes away when told to', () => {
  const { store, change } = open()
  expect(reload()).toBeNull()
  change({ update: 'offered' })
  expect(screen.getByRole('status').textContent).toContain('A new version is ready')
  fireEvent.click(screen.getByRole('button', { name: 'Later' }))
  expect(reload()).toBeNull()
  change({ update: 'offered' })
  fireEvent.click(screen.getByRole('button', { name: 'Reload' }))
  expect(store.getState().offline.update).toBe('wanted')
})

it('names what stands in the way', () => {
  const { change } = open()
  change({ update: 'offered', otherPages: 2 })
  expect(screen.getByRole('status').textContent).toContain('2 other tabs or frames run the present version')
})

it('lists hosts with what for, and says whether the page needs any', () => {
  const { store, change } = open()
  act(() =>
    store.setState({
      hosts: [
        { host: 'example.org', own: true, purposes: ['the page itself', 'the built-in model'] },
        { host: 'huggingface.co', own: false, purposes: ['a model that you asked for'] },
      ],
    }),
  )
  const panel = screen.getByRole('region', { name: 'Hosts contacted in this session' })
  expect(panel.textContent).toContain('example.org (this page’s own)the page itself; the built-in model')
  expect(panel.textContent).toContain('huggingface.coa model that you asked for')
  expect(panel.textContent).toContain('would not open again')
  change({ kept: 'kept' })
  expect(panel.textContent).toContain('opens and works without a network')
})
