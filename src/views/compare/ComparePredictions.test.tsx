// @vitest-environment jsdom
import { act, cleanup, fireEvent, render, screen, within } from '@testing-library/react'
import { afterEach, beforeEach, expect, it, vi } from 'vitest'
import type { ModelHead } from '../../core/modelSource'
import {
  answerFirstSide,
  answerFirstTokens,
  createComparedStore,
  explorerOf,
  PIECES,
  SECOND,
  WORDS,
  withHead,
} from '../../state/compare/compareFixture'
import { connectSecondSide } from '../../state/compare/secondSide'
import { ready } from '../../state/resource'
import { idsOf } from '../../state/results'
import { OTHER, OWN, withSide } from '../../state/side/side'
import type { AppStore } from '../../state/store'
import { AppProvider } from '../appContext'
import CompareTable from './CompareTable'

let store: AppStore
let first: ReturnType<typeof explorerOf>
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
  store = createComparedStore()
  first = explorerOf(WORDS, 7, [6, 7, 4])
  const second = explorerOf(PIECES, 9, [9, 3, 4])
  disconnect = connectSecondSide(store, { first: () => first, second: () => second, typingPause: 0 })
})

afterEach(() => {
  disconnect()
  cleanup()
  vi.unstubAllGlobals()
})

const settle = () => act(async () => new Promise((resolve) => setTimeout(resolve, 10)))

async function open(heads: readonly [ModelHead, ModelHead], position: number | null = 2) {
  store.setState(({ model, compare }) => ({
    model: { ...model, info: model.info && withHead(model.info, heads[0], 0) },
    compare: {
      ...compare,
      model: { ...compare.model, info: compare.model.info && withHead(compare.model.info, heads[1], 0) },
    },
  }))
  answerFirstSide(store, { comparison: SECOND, position, tokenId: position === null ? null : 7 })
  render(
    <AppProvider store={store}>
      <CompareTable />
    </AppProvider>,
  )
  const isLanguageModel = heads[0] === 'causal-lm' || position !== null
  if (heads[0].endsWith('-lm') && isLanguageModel) await act(() => answerFirstTokens(store, first))
  await settle()
}

const cellsOf = (table: HTMLElement) =>
  within(table)
    .getAllByRole('row')
    .map((row) => [...row.children].map(({ textContent }) => textContent))

const tokens = () => cellsOf(screen.getByRole('table', { name: /^Most probable tokens of both/ }))

it('stands with what either side expects in one row, and a dash where a vocabulary has no such token', async () => {
  await open(['causal-lm', 'causal-lm'])
  const region = screen.getByRole('region', { name: 'Next token, side by side' })
  expect(tokens()).toEqual([
    ['', 'tinyafter the text', './otherafter the text'],
    ['token', 'before', 'after', 'before', 'after'],
    ['good', '0.500', '0.250', '–'],
    ['␣bad', '–', '0.500', '0.250'],
    ['movie', '0.250', '0.125', '4.88e-4', '2.44e-4'],
    ['film', '0.125', '0.063', '0.250', '0.125'],
    ['was', '0.002', '0.001', '0.125', '0.063'],
  ])
  expect(region.textContent).toContain('that vocabulary has no single token of this spelling')
  expect(region.textContent).toContain('./other: same top token · KL 0.250 nats · entropy 2.00 → 3.00 nats')
  expect(region.textContent).toContain(
    'Of the 3 most probable after the change, 1 is the same on both sides.',
  )
  expect(region.textContent).not.toContain('Compare the words before the numbers')
})

it('stands among the differences where a classifier had its label', async () => {
  await open(['causal-lm', 'causal-lm'])
  const rows = cellsOf(screen.getByRole('table', { name: /^Both sides of the change/ }))
  expect(rows.slice(-6)).toEqual([
    ['prediction before', '“good” 0.500', '“bad” 0.500', '', ''],
    ['prediction after', '“good” 0.250', '“bad” 0.250', '', ''],
    ['top token', 'same', 'same', '', ''],
    ['KL of the tokens, nats', '0.250', '0.250', '0', '1.00'],
    ['entropy before, nats', '2.00', '2.00', '0', '1.00'],
    ['entropy after, nats', '3.00', '3.00', '0', '1.00'],
  ])
})

it('says that a mask is filled on one side only, and which place is looked at', async () => {
  await open(['masked-lm', 'causal-lm'])
  const region = screen.getByRole('region', { name: 'Expected tokens, side by side' })
  expect(tokens()[0]).toEqual(['', 'tinyat “film”', './otherafter “film”'])
  expect(region.textContent).toContain('Compare the words before the numbers')
})

it('asks for a token where two masked models have none to look at', async () => {
  await open(['masked-lm', 'masked-lm'], null)
  const region = screen.getByRole('region', { name: 'Fill the mask, side by side' })
  expect(region.textContent).toContain('Choose a token')
})

it('leaves a second model without such a head to the differences', async () => {
  await open(['causal-lm', 'none'])
  expect(screen.getByRole('region', { name: 'Expected tokens, side by side' }).textContent).toContain(
    './other has no language model’s head',
  )
  expect(screen.queryByText('Likelihood of both texts')).toBeNull()
  act(() =>
    store.setState(({ compare }) => ({ compare: { ...compare, model: { ...compare.model, info: null } } })),
  )
  expect(screen.queryByRole('region', { name: 'Expected tokens, side by side' })).toBeNull()
})

it('shows the likelihoods of both texts by the word, measured on request in masked models', async () => {
  await open(['masked-lm', 'masked-lm'])
  const summary = screen.getByText('Likelihood of both texts')
  const details = summary.closest('details')
  if (!details) throw new Error('nothing to open')
  details.open = true
  fireEvent(details, new Event('toggle'))
  await settle()
  expect(store.getState().sides.map(({ wanted }) => wanted.likelihoods.comparison)).toEqual(['', ''])
  fireEvent.click(screen.getByRole('button', { name: 'Measure each token of both texts' }))
  expect(store.getState().sides[OTHER].wanted.likelihoods.comparison).toContain('|2:7')
  await settle()
  const { value } = store.getState().sides[0].prediction
  if (!value) throw new Error('the first side has not answered')
  const before = await first.tokenLikelihoods({ inputIds: idsOf(value.tokenized), positions: [1, 2, 3, 4] })
  act(() =>
    store.setState((state) =>
      withSide(state, OWN, {
        likelihoods: ready({ ...value, before, after: before, done: 8, total: 8 }),
      }),
    ),
  )
  const rows = cellsOf(screen.getByRole('table', { name: /^ln p of what stands opposite/ }))
  expect(rows.slice(2)).toEqual([
    ['the', '−3.00', '0.00', '−2.00', '0.00'],
    ['film', '−4.00', '0.00', '−3.00', '−4.00'],
    ['was', '−5.00', '0.00', '−4.00', '0.00'],
    ['good / go od', '−6.00', '0.00', '−11.00', '0.00'],
  ])
  expect(screen.getByRole('button', { name: 'Likelihoods of both texts as CSV' })).toBeTruthy()
  details.open = false
  fireEvent(details, new Event('toggle'))
  expect(store.getState().sides.map(({ wanted }) => wanted.likelihoods)).toEqual([{}, {}])
})
