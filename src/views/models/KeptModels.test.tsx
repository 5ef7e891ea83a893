// @vitest-environment jsdom
import { act, cleanup, fireEvent, render, screen } from '@testing-library/react'
import { afterEach, expect, it } from 'vitest'
import type { KeptHubModel } from '../../core/modelSource'
import type { HubServices } from '../../state/modelHub'
import { AppProvider } from '../appContext'
import { storeWith } from '../testReview'
import { HubServicesProvider } from './hubServices'
import { KeptModels } from './KeptModels'

afterEach(cleanup)

const file = { path: 'model.safetensors', bytes: 2_000_000 }

async function show(models: readonly KeptHubModel[]) {
  const refuse = () => Promise.reject(new TypeError('not asked for here'))
  const hub: HubServices = { name: refuse, plan: refuse, kept: async () => models, remove: async () => 0 }
  const store = storeWith('one')
  await act(async () => {
    render(
      <AppProvider store={store}>
        <HubServicesProvider value={hub}>
          <KeptModels />
        </HubServicesProvider>
      </AppProvider>,
    )
  })
  return store
}

const kept = (more: Partial<KeptHubModel>): KeptHubModel => ({
  id: 'owner/name',
  bytes: 2_000_000,
  files: [file],
  complete: true,
  revisions: ['main'],
  ...more,
})

it('opens a model at the revision that is kept', async () => {
  const store = await show([kept({ revisions: ['refs/pr/1'] })])
  const button = screen.getByRole('button', { name: 'Open owner/name@refs/pr/1' })
  expect(button.textContent).toBe('Open refs/pr/1')
  fireEvent.click(button)
  expect(store.getState().model.request).toEqual({ kind: 'hub', id: 'owner/name', revision: 'refs/pr/1' })
})

it('offers each of several revisions, and the only main one without naming it', async () => {
  const store = await show([
    kept({ revisions: ['main', 'v2'] }),
    kept({ id: 'owner/half', bytes: 500_000, complete: false }),
  ])
  for (const name of ['Open owner/name', 'Open owner/name@v2']) screen.getByRole('button', { name })
  const rest = screen.getByRole('button', { name: 'Go on with owner/half' })
  expect(rest.textContent).toBe('Fetch the other 1.5 MB')
  fireEvent.click(rest)
  expect(store.getState().model.request).toEqual({ kind: 'hub', id: 'owner/half', revision: 'main' })
})
