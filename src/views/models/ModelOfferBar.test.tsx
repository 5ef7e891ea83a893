// @vitest-environment jsdom
import { act, cleanup, fireEvent, render, screen, within } from '@testing-library/react'
import { afterEach, expect, it, vi } from 'vitest'
import type { HubSource, ModelPlan, UrlSource } from '../../core/modelSource'
import { EMPTY_SESSION } from '../../core/session/session'
import type { HubServices } from '../../state/model/modelHub'
import { AppProvider } from '../appContext'
import { storeWith } from '../explore/reviewFixture'
import { HubForm } from './HubForm'
import ModelOfferBar from './ModelOfferBar'
import { UrlForm } from './UrlForm'

afterEach(cleanup)

const planOf = (source: HubSource | UrlSource, weights: number | null): ModelPlan => ({
  source,
  commit: source.kind === 'hub' ? 'a'.repeat(40) : null,
  files: [
    { path: 'config.json', bytes: 1000 },
    { path: 'model.safetensors', bytes: weights },
  ],
  bytes: 1000 + (weights ?? 0),
  keptBytes: 0,
  format: 'safetensors',
  family: 'bert',
  offline: false,
})

/** Renders the page with a session that waits for a model of this id, and both forms below. */
function show(id: string) {
  const plans: { source: HubSource | UrlSource; signal?: AbortSignal; answer: (plan: ModelPlan) => void }[] =
    []
  const hub: HubServices = {
    name: async (text, revision) => {
      const [name, named = 'main'] = text.split('@')
      return { kind: 'hub', id: name, revision: revision || named }
    },
    takeToken: vi.fn(),
    plan: (source, signal) => new Promise((answer) => plans.push({ source, signal, answer })),
    kept: vi.fn(),
    remove: vi.fn(),
  }
  const store = storeWith('one')
  store.setState(({ services }) => ({ services: { ...services, hub } }))
  const session = { ...EMPTY_SESSION, model: { id, sha256: 'c'.repeat(64) } }
  store.setState(({ model }) => ({ model: { ...model, offer: { session } } }))
  const { container } = render(
    <AppProvider store={store}>
      <ModelOfferBar />
      <HubForm />
      <UrlForm />
    </AppProvider>,
  )
  const bar = within(container.querySelector<HTMLElement>('.model-offer') ?? document.body)
  const press = (name: string) => act(async () => fireEvent.click(bar.getByRole('button', { name })))
  return { store, plans, bar, press }
}

it('asks the host that it names only when its button is pressed, then names files and sizes, then opens', async () => {
  const id = 'https://page.example/models/mine/'
  const { store, plans, bar, press } = show(id)
  expect(plans).toEqual([])
  await press('Ask page.example for its size')
  expect(bar.getByText('Asking page.example…')).toBeTruthy()
  await act(async () => plans[0].answer(planOf({ kind: 'url', url: id }, 2_000_000)))
  expect(bar.getByRole('table', { name: 'Files to fetch' }).textContent).toBe(
    'Files to fetchconfig.json1.0 kBmodel.safetensors2.0 MB',
  )
  expect(bar.getByText(`${id}: 2 files, 2.0 MB.`).getAttribute('role')).toBe('status')
  expect(store.getState().model.opening).toBeNull()
  await press('Fetch 2.0 MB and open')
  expect(store.getState().model.request).toEqual({ kind: 'url', url: id })
})

it('says where a size is not told, and can be stopped', async () => {
  const { plans, bar, press } = show('https://page.example/mine/')
  await press('Ask page.example for its size')
  await press('Stop')
  expect(plans[0].signal?.aborted).toBe(true)
  await press('Ask page.example for its size')
  await act(async () => plans[0].answer(planOf({ kind: 'url', url: 'late' }, 1)))
  expect(bar.queryByRole('table')).toBeNull()
  await act(async () => plans[1].answer(planOf({ kind: 'url', url: 'https://page.example/mine/' }, null)))
  expect(bar.getByRole('row', { name: 'model.safetensors size not told' })).toBeTruthy()
  expect(bar.getByText(/: 2 files, at least 1\.0 kB\.$/)).toBeTruthy()
  expect(bar.getByRole('button', { name: 'Fetch it and open' })).toBeTruthy()
})

it('stays as it is while another name is looked up in the form', async () => {
  const { store, plans, press } = show('owner/name@v1')
  fireEvent.change(screen.getByLabelText('Model'), { target: { value: 'owner/other' } })
  const [lookUp] = screen.getAllByRole('button', { name: 'Look it up' })
  await act(async () => fireEvent.click(lookUp))
  await press('Ask huggingface.co for its size')
  expect(plans.map(({ source }) => source)).toEqual([
    { kind: 'hub', id: 'owner/other', revision: 'main' },
    { kind: 'hub', id: 'owner/name', revision: 'v1' },
  ])
  await act(async () => plans[1].answer(planOf({ kind: 'hub', id: 'owner/name', revision: 'v1' }, 5_000_000)))
  await press('Fetch 5.0 MB and open')
  expect(store.getState().model.request).toEqual({ kind: 'hub', id: 'owner/name', revision: 'v1' })
})

it('goes on asking while the page’s own model opens', async () => {
  const { store, plans, bar, press } = show('https://page.example/mine/')
  await press('Ask page.example for its size')
  act(() =>
    store.setState(({ model }) => ({ model: { ...model, status: 'ready', opened: model.opened + 1 } })),
  )
  await act(async () => plans[0].answer(planOf({ kind: 'url', url: 'https://page.example/mine/' }, 1000)))
  expect(bar.getByRole('button', { name: 'Fetch 2.0 kB and open' })).toBeTruthy()
})

it('says why its model was not opened, wherever the user is', async () => {
  const { store, bar } = show('owner/name')
  act(() =>
    store.setState(({ model }) => ({
      model: {
        ...model,
        refused: {
          request: { kind: 'hub', id: 'owner/name', revision: 'main' },
          failure: { kind: 'network', message: 'The hub did not answer.' },
        },
      },
    })),
  )
  expect(bar.getByRole('alert').textContent).toContain('was not opened. The hub did not answer.')
  fireEvent.click(bar.getByRole('button', { name: 'Try again' }))
  expect(store.getState().model.request).toMatchObject({ id: 'owner/name' })
})
