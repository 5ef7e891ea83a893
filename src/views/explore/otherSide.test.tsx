// @vitest-environment jsdom
import { act, cleanup, fireEvent, render, screen, within } from '@testing-library/react'
import { afterEach, beforeEach, expect, it, vi } from 'vitest'
import {
  answerFirstSide,
  createComparedStore,
  explorerOf,
  PIECES,
  SECOND,
  WORDS,
} from '../../state/compare/compareFixture'
import { connectSecondSide } from '../../state/compare/secondSide'
import type { AppStore } from '../../state/store'
import { AppProvider } from '../appContext'
import { ExploreView } from './ExploreView'

let store: AppStore
let disconnect: () => void

beforeEach(() => {
  vi.stubGlobal(
    'ResizeObserver',
    class {
      observe() {}
      unobserve() {}
      disconnect() {}
    },
  )
  Element.prototype.scrollIntoView = () => undefined
  store = createComparedStore()
  const [first, second] = [explorerOf(WORDS, 7), explorerOf(PIECES, 9)]
  disconnect = connectSecondSide(store, { first: () => first, second: () => second, typingPause: 0 })
})

afterEach(() => {
  disconnect()
  cleanup()
  vi.unstubAllGlobals()
})

const settle = () => act(async () => new Promise((resolve) => setTimeout(resolve, 10)))
const region = (name: string | RegExp) => screen.getByRole('region', { name })

async function open(position: number) {
  answerFirstSide(store, { position, tokenId: 7, comparison: SECOND })
  render(
    <AppProvider store={store}>
      <ExploreView />
    </AppProvider>,
  )
  await settle()
}

/** Picks the second side in a panel. */
async function pick(panel: HTMLElement) {
  fireEvent.click(within(panel).getByRole('radio', { name: /^.\/other/ }))
  await settle()
}

it('lists the second vocabulary’s substitutes, and one chosen there is taken on both sides', async () => {
  await open(2)
  const panel = document.querySelector<HTMLElement>('#substitutes')
  if (!panel) throw new TypeError('there is no panel of substitutes')
  await pick(panel)
  const rows = () =>
    within(panel)
      .getAllByRole<HTMLInputElement>('radio', { name: /^␣|^movie/ })
      .map(({ checked, labels }) => [labels?.[0].textContent, checked])
  expect(rows()).toEqual([
    ['␣bad', false],
    ['␣movie', true],
  ])
  fireEvent.click(within(panel).getByRole('radio', { name: '␣bad' }))
  expect(store.getState().session.tokenId).toBe(7)
  expect(store.getState().notices.at(-1)?.text).toContain('tiny has no single token of this spelling')
})

it('shows the second side’s review, from which a token is chosen by what stands opposite', async () => {
  await open(2)
  await pick(region(/^Review/))
  const od = within(region(/^Review/)).getByRole('button', { name: /^od/ })
  fireEvent.click(od)
  expect(store.getState().session.position).toBe(4)
})

it('says on each panel where a token has no counterpart, and draws both ripples', async () => {
  await open(2)
  expect(region('Ripple')).toBeTruthy()
  expect(region('Ripple of the second side').textContent).toContain('./other')
  act(() =>
    store.setState(({ session }) => ({
      session: { ...session, comparison: { ...SECOND, text: 'was good' } },
    })),
  )
  await settle()
  await pick(region('Closest word at each layer'))
  for (const name of ['Ripple of the second side', 'Closest word at each layer']) {
    expect(region(name).textContent).toContain('The chosen token has no counterpart on this side.')
  }
})
