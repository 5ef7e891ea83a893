// @vitest-environment jsdom
import { act, cleanup, fireEvent, render, screen, within } from '@testing-library/react'
import { csvParse } from 'd3-dsv'
import { afterEach, beforeAll, expect, it } from 'vitest'
import { INFO, PROVENANCE } from '../../../state/explore/explorerFixture'
import type { TokenEffect } from '../../../state/results'
import { exportReviewCsv, exportReviewJson } from '../../../state/review/reviewRows'
import { OWN, withSide } from '../../../state/side/side'
import { NO_TASK } from '../../../state/task'
import { AppProvider } from '../../appContext'
import { storeWith, tokenizeWords } from '../reviewFixture'
import { AllTokens } from './AllTokens'

// What opens is loaded then; the first load of a module may take longer than a test waits.
beforeAll(() => Promise.all([import('./TokenTable'), import('./OcclusionRow'), import('./FlipSearchPart')]))
afterEach(cleanup)

const TEXT = 'one two three four five six seven eight nine ten eleven twelve thirteen fourteen'

const effectAt = (position: number): TokenEffect => ({
  tokenId: 1009 + position,
  shift: { l1: 1, l2: 1, linf: 1 },
  distance: (position * 5) % 7,
  answer: { change: position === 2 ? -0.75 : position / 100, flips: position === 2 },
  provenance: PROVENANCE,
})

async function open(positions: readonly number[] = [1, 2, 3]) {
  const store = storeWith(TEXT)
  const tokenized = tokenizeWords(TEXT)
  store.setState((state) => ({
    model: { ...state.model, status: 'ready', info: INFO },
    ...withSide(state, OWN, {
      effects: {
        tokenized,
        place: null,
        byPosition: new Map(positions.map((position) => [position, effectAt(position)])),
      },
    }),
  }))
  render(
    <AppProvider store={store}>
      <AllTokens />
    </AppProvider>,
  )
  const details = document.querySelector('details')
  if (!details) throw new Error('nothing opens')
  act(() => {
    details.open = true
    details.dispatchEvent(new Event('toggle'))
  })
  await screen.findByRole('table', {}, { timeout: 60_000 })
  return store
}

const words = () =>
  screen.getAllByRole('radio').map(({ id }) => document.querySelector(`[for="${id}"]`)?.textContent)
const cells = (word: string) =>
  within(screen.getByRole('radio', { name: word }).closest('tr') as HTMLElement)
    .getAllByRole('cell')
    .map(({ textContent }) => textContent)

it('asks for the effects while it is open, and shows what is measured', async () => {
  const store = await open()
  expect(store.getState().sides[OWN].wanted.effects).toBe(true)
  expect(screen.getByRole('status').textContent).toBe('3 of 14 measured.')
  expect(words()).toHaveLength(12)
  expect(cells('two')).toEqual(['two', 'near2', '0.650', '7.00', '3.00', '−0.7500', 'flips', '2'])
  expect(cells('four').slice(4)).toEqual(['·', '·', '·', '4'])
  cleanup()
  expect(store.getState().sides[OWN].wanted.effects).toBe(false)
})

it('is sorted by its headings, those not measured last', async () => {
  await open()
  fireEvent.click(screen.getByRole('button', { name: 'D at layer 2' }))
  expect(words().slice(0, 4)).toEqual(['one', 'two', 'three', 'four'])
  fireEvent.click(screen.getByRole('button', { name: 'Δ p' }))
  expect(words().slice(0, 4)).toEqual(['three', 'one', 'two', 'four'])
  fireEvent.click(screen.getByRole('button', { name: 'token' }))
  expect(words()[0]).toBe('eight')
})

it('chooses a token of the review, and keeps its row in sight', async () => {
  const store = await open()
  fireEvent.click(screen.getByRole('button', { name: '2 more' }))
  fireEvent.click(screen.getByRole('radio', { name: 'fourteen' }))
  expect(store.getState().session.position).toBe(14)
  fireEvent.click(screen.getByRole('button', { name: 'Fewer' }))
  expect(words()).toContain('fourteen')
  expect(words()).not.toContain('thirteen')
})

it('is saved whole, what is not measured left empty', async () => {
  const state = (await open()).getState()
  const rows = csvParse(exportReviewCsv(state) ?? '')
  expect(rows).toHaveLength(14)
  expect(rows[1]).toEqual({
    position: '2',
    token_id: '11',
    token: 'two',
    nearest_id: '1011',
    nearest: 'near2',
    cosine: '0.65',
    shift_l1: '70',
    shift_l2: '7',
    shift_linf: '0.7',
    last_layer_distance: '3',
    probability_change: '-0.75',
    flips: 'true',
  })
  expect(rows[5]).toMatchObject({ last_layer_distance: '', probability_change: '', flips: '' })
  const json = JSON.parse(exportReviewJson(state) ?? '')
  expect(json).toMatchObject({ format: 'ripplescope-review', version: 1, text: TEXT, answer: 'label' })
  expect(json.provenance).toEqual(PROVENANCE)
  expect(json.tokens[1].answer).toEqual({ change: -0.75, flips: true })
})

it('is saved with what hiding each token does, once that is measured', async () => {
  const store = await open()
  const tokenized = tokenizeWords(TEXT)
  const { tokenId: _, ...effect } = effectAt(2)
  store.setState((state) =>
    withSide(state, OWN, {
      occlusion: {
        tokenized,
        place: null,
        hasMask: true,
        masked: new Map([[2, { ...effect, distance: 9 }]]),
        deleted: new Map(),
        task: NO_TASK,
      },
    }),
  )
  const rows = csvParse(exportReviewCsv(store.getState()) ?? '')
  expect(rows[1]).toMatchObject({
    masked_last_layer_distance: '9',
    masked_probability_change: '-0.75',
    deleted_last_layer_distance: '',
  })
})
