// @vitest-environment jsdom
import { act, cleanup, fireEvent, render, screen } from '@testing-library/react'
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import type { ModelInfo } from '../../../core/explorer'
import { decodePermalink } from '../../../core/session/permalink'
import { EMPTY_SESSION } from '../../../core/session/session'
import { sidesCsv } from '../../../state/compare/sidesCsv'
import { connectExplorer } from '../../../state/explore/explore'
import { createTestExplorer, INFO } from '../../../state/explore/explorerFixture'
import { layerAnswersTable } from '../../../state/explore/questions/exploreLayerAnswers'
import { fragmentOf } from '../../../state/session/permalinkSync'
import { createAppStore } from '../../../state/store'
import { AppProvider } from '../../appContext'
import { CurvePanel } from './CurvePanel'

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
  vi.spyOn(HTMLElement.prototype, 'clientWidth', 'get').mockReturnValue(700)
})
afterEach(() => {
  cleanup()
  vi.restoreAllMocks()
  vi.unstubAllGlobals()
  for (const disconnect of disconnects.splice(0)) disconnect()
})

async function opened(info: ModelInfo = INFO) {
  const store = createAppStore()
  const live = createTestExplorer()
  disconnects.push(connectExplorer(store, { live: () => live, shipped: null, typingPause: 0 }))
  store.setState(({ model }) => ({ model: { ...model, status: 'ready', info } }))
  store.getState().replaceSession({ ...EMPTY_SESSION, text: 'a bb ccc', position: 2 })
  await act(() => live.answerAll())
  render(
    <AppProvider store={store}>
      <CurvePanel />
    </AppProvider>,
  )
  const choose = async (name: string) => {
    fireEvent.click(screen.getByRole('radio', { name }))
    await act(() => live.answerAll())
  }
  const asked = () => live.calls.filter(({ method }) => method === 'answersByLayer')
  return { store, live, choose, asked }
}

/** Returns the table's cells, row by row. */
function table(): (string | null)[][] {
  const open = screen.getByRole('button', { name: 'Table' })
  if (open.getAttribute('aria-expanded') === 'false') fireEvent.click(open)
  return screen
    .getAllByRole('row')
    .map((row) => [...row.querySelectorAll('th, td')].map(({ textContent }) => textContent))
}

describe('the curve', () => {
  it('shows what the head answers to each layer, and says for what it was trained', async () => {
    const { store, choose, asked } = await opened()
    expect(asked()).toHaveLength(0)
    await choose('answer')
    expect(screen.getByRole('heading', { name: 'Answer by layer' })).toBeTruthy()
    expect(screen.getByText(/trained for the last layer only/)).toBeTruthy()
    expect(asked().map(({ request }) => request)).toEqual([
      { inputIds: [1, 101, 102, 103, 2], substitutions: [{ position: 2, tokenId: 21 }], place: null },
    ])
    // Logits of 0 and 1 before, of 0 and 0.5 after.
    const [first, half, last] = [0, 0.25, 0.5].map((logit) => 1 / (1 + Math.exp(-logit)))
    const before = 1 / (1 + Math.exp(-1))
    expect(table().at(-1)).toEqual(['2', before.toFixed(4), last.toFixed(4)])
    expect(table()[2][2]).toBe(half.toFixed(4))
    expect(table()[1]).toEqual(['emb', first.toFixed(4), first.toFixed(4)])
    const csv = sidesCsv(store.getState(), layerAnswersTable)?.split('\n') ?? []
    expect(csv[0]).toBe('layer,of,number,before,after')
    expect(csv[1]).toBe('0,POSITIVE,probability,0.5,0.5')
  })

  it('shows which part of each layer carries the effect, once it was swept', async () => {
    const { choose, live } = await opened()
    await choose('effect')
    expect(screen.getByText(/Sweep to see/)).toBeTruthy()
    fireEvent.click(screen.getByRole('button', { name: /Sweep all states/ }))
    for (let i = 0; i < 40; i++) await act(() => live.answerAll())
    expect(screen.getByText(/All states of a layer together carry the whole effect/)).toBeTruthy()
    const rows = table()
    expect(rows[0]).toEqual(['layer', '“bb” alone', 'all but “bb”', '[CLS] alone'])
    expect(rows.at(-1)).toEqual(['2', '22.0%', '20.0%', '20.0%'])
  })

  it('is carried by the link, and asks nothing while it shows distances', async () => {
    const { store, choose, asked } = await opened()
    await choose('1 − cosine')
    await choose('absolute')
    expect(store.getState().session.curve).toBeNull()
    await choose('answer')
    const read = decodePermalink(fragmentOf(store.getState().session))
    expect(read).toMatchObject({ ok: true, session: { curve: 'answer' } })
    await choose('relative')
    expect(store.getState().sides[0].layerAnswers.status).toBe('idle')
    expect(asked()).toHaveLength(1)
  })

  it('says of a model without a head that it does not answer', async () => {
    const { choose, asked } = await opened({ ...INFO, labels: [] })
    await choose('answer')
    expect(screen.getByText(/no head that answers/)).toBeTruthy()
    expect(asked()).toHaveLength(0)
  })
})
