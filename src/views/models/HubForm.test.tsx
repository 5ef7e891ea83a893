// @vitest-environment jsdom
import { act, cleanup, fireEvent, render, screen } from '@testing-library/react'
import { afterEach, expect, it, vi } from 'vitest'
import type { HubServices } from '../../state/model/modelHub'
import { AppProvider } from '../appContext'
import { storeWith } from '../explore/reviewFixture'
import { HubForm } from './HubForm'

afterEach(cleanup)

it('gives the token to the hub’s services before it asks, once, and to nothing that is stored', async () => {
  const asked: string[] = []
  const hub: HubServices = {
    name: async (id) => ({ kind: 'hub', id, revision: 'main' }),
    takeToken: async (text) => void asked.push(`token ${text}`),
    plan: async (source) => {
      asked.push(`plan ${JSON.stringify(source)}`)
      throw new TypeError('no further')
    },
    kept: vi.fn(),
    remove: vi.fn(),
  }
  const store = storeWith('one')
  store.setState(({ services }) => ({ services: { ...services, hub } }))
  render(
    <AppProvider store={store}>
      <HubForm />
    </AppProvider>,
  )
  const type = (label: string, value: string) =>
    fireEvent.change(screen.getByLabelText(label), { target: { value } })
  const look = () => act(async () => fireEvent.click(screen.getByRole('button', { name: 'Look it up' })))
  type('Model', 'owner/name')
  await look()
  type('Read token', 'hf_secret')
  await look()
  await look()
  type('Read token', '')
  await look()
  const plan = 'plan {"kind":"hub","id":"owner/name","revision":"main"}'
  expect(asked).toEqual([plan, 'token hf_secret', plan, plan, 'token ', plan])
  expect(screen.getByLabelText('Read token').getAttribute('type')).toBe('password')
  expect(JSON.stringify(store.getState())).not.toContain('hf_secret')
})
