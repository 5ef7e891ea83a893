// @vitest-environment jsdom
import { act, cleanup, fireEvent, render, screen } from '@testing-library/react'
import { afterEach, expect, it } from 'vitest'
import type { HubSource, KeptHubModel } from '../../core/modelSource'
import type { HubServices } from '../../state/model/modelHub'
import { AppProvider } from '../appContext'
import { storeWith } from '../explore/reviewFixture'
import { KeptModels } from './KeptModels'

afterEach(cleanup)

async function show(models: readonly KeptHubModel[]) {
  const refuse = () => Promise.reject(new TypeError('not asked for here'))
  const hub: HubServices = {
    name: refuse,
    takeToken: refuse,
    plan: refuse,
    kept: async () => models,
    remove: async () => 0,
  }
  const store = storeWith('one')
  store.setState(({ services }) => ({ services: { ...services, hub } }))
  await act(async () => {
    render(
      <AppProvider store={store}>
        <KeptModels />
      </AppProvider>,
    )
  })
  return store
}

const hubAt = (id: string, revision = 'main'): HubSource => ({ kind: 'hub', id, revision })

const whole = (revision: string) => ({ source: hubAt('owner/name', revision), missingBytes: 0 })

const kept = (more: Partial<KeptHubModel>): KeptHubModel => ({
  id: 'owner/name',
  bytes: 2_000_000,
  revisions: [whole('main')],
  ...more,
})

it('opens a model at the revision that is kept', async () => {
  const store = await show([kept({ revisions: [whole('refs/pr/1')] })])
  const button = screen.getByRole('button', { name: 'Open owner/name@refs/pr/1' })
  expect(button.textContent).toBe('Open refs/pr/1')
  fireEvent.click(button)
  expect(store.getState().model.request).toEqual({ kind: 'hub', id: 'owner/name', revision: 'refs/pr/1' })
})

it('offers each of several revisions, and the only main one without naming it', async () => {
  const store = await show([
    kept({ revisions: [whole('main'), whole('v2')] }),
    kept({
      id: 'owner/half',
      bytes: 500_000,
      revisions: [{ source: hubAt('owner/half'), missingBytes: 1_500_000 }],
    }),
    kept({ id: 'owner/seen', bytes: 800, revisions: [] }),
  ])
  for (const name of ['Open owner/name', 'Open owner/name@v2']) screen.getByRole('button', { name })
  const rest = screen.getByRole('button', { name: 'Go on with owner/half' })
  expect(rest.textContent).toBe('Fetch the other 1.5 MB')
  screen.getByText('500.0 kB: not whole yet')
  screen.getByText('800 bytes: looked up, not fetched')
  screen.getByRole('button', { name: 'Delete owner/seen…' })
  fireEvent.click(rest)
  expect(store.getState().model.request).toEqual({ kind: 'hub', id: 'owner/half', revision: 'main' })
})
