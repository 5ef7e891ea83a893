// @vitest-environment jsdom
import { act, cleanup, fireEvent, render, screen, within } from '@testing-library/react'
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import type { PatchRequest } from '../../../core/measures/patching'
import { EMPTY_SESSION } from '../../../core/session/session'
import { connectExplorer } from '../../../state/explore/explore'
import { createTestExplorer, INFO, patchedOf } from '../../../state/explore/explorerFixture'
import { createAppStore } from '../../../state/store'
import { AppProvider } from '../../appContext'
import { RipplePanel } from './RipplePanel'

const disconnects: (() => void)[] = []
beforeEach(() => {
  vi.stubGlobal(
    'ResizeObserver',
    class {
      observe() {}
      unobserve() {}
      disconnect() {}
    },
  )
  vi.spyOn(HTMLElement.prototype, 'clientWidth', 'get').mockReturnValue(600)
  vi.spyOn(HTMLElement.prototype, 'getBoundingClientRect').mockReturnValue(new DOMRect(0, 0, 600, 300))
})
afterEach(() => {
  cleanup()
  vi.restoreAllMocks()
  vi.unstubAllGlobals()
  for (const disconnect of disconnects.splice(0)) disconnect()
})

/** Opens a page with a change of the token `bb`; answers come at once, unless `held`. */
async function opened(effect = -2) {
  const store = createAppStore()
  const live = createTestExplorer()
  const explorer = {
    ...live,
    patch: async (request: PatchRequest) => ({ ...patchedOf(request), after: 1 + effect }),
  }
  disconnects.push(connectExplorer(store, { live: () => explorer, shipped: null, typingPause: 0 }))
  store.setState(({ model }) => ({ model: { ...model, status: 'ready', info: INFO } }))
  store.getState().replaceSession({ ...EMPTY_SESSION, text: 'a bb ccc', position: 2 })
  await act(() => live.answerAll())
  render(
    <AppProvider store={store}>
      <RipplePanel />
    </AppProvider>,
  )
  const settle = () => act(() => live.answerAll())
  const choose = async (name: string) => {
    fireEvent.click(screen.getByRole('radio', { name }))
    await settle()
  }
  return { store, settle, choose }
}

const map = () => screen.getByRole('slider')
const key = (name: string) => fireEvent.keyDown(map(), { key: name })

describe('the ripple', () => {
  it('begins with distances, and has two more readings', async () => {
    await opened()
    const names = screen.getAllByRole('radio').map((radio) => radio.parentElement?.textContent)
    expect(names).toEqual(['distance', 'restored', 'transferred'])
    expect(screen.queryByRole('button', { name: /Sweep/ })).toBeNull()
  })

  it('tells by keyboard what share of the effect a cell carries, and the answer it leads to', async () => {
    const { settle, choose } = await opened()
    await choose('restored')
    expect(map().getAttribute('aria-label')).toMatch(/restored/)
    key('ArrowUp')
    key('ArrowRight')
    expect(screen.getAllByText(/layer 1, position 3 .*not run yet/)).not.toHaveLength(0)
    key('Enter')
    await settle()
    expect(screen.getByText(/Layer 1, position 3/).textContent).toMatch(
      /logit of POSITIVE − NEGATIVE 1\.000 → −1\.000\..*Layer 1, position 3 ccc: 13\.0% · leads to NEGATIVE/,
    )
    await choose('transferred')
    await settle()
    expect(screen.getByText(/Layer 1, position 3/).textContent).toMatch(/13\.0%/)
  })

  it('sweeps over all states, with a table that has the same numbers', async () => {
    const { settle, choose } = await opened()
    await choose('restored')
    fireEvent.click(screen.getByRole('button', { name: /Sweep all states, 23 runs/ }))
    for (let i = 0; i < 40; i++) await settle()
    expect(screen.getByText('All 23 runs are done.')).toBeTruthy()
    fireEvent.click(screen.getByRole('button', { name: 'Table' }))
    const row = screen.getByRole('row', { name: /^3 ccc/ })
    const cells = within(row)
      .getAllByRole('cell')
      .map(({ textContent }) => textContent)
    expect(cells.slice(-3)).toEqual(['3.0%', '13.0%', '23.0%'])
  })

  it('says of an effect within rounding that it has no shares', async () => {
    const { settle, choose } = await opened(0)
    await choose('restored')
    key('ArrowUp')
    key('Enter')
    await settle()
    expect(screen.getByText(/within rounding/)).toBeTruthy()
    expect(screen.queryByRole('button', { name: /weep/ })).toBeNull()
  })
})
