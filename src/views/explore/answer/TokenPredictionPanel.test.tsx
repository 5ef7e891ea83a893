// @vitest-environment jsdom
import { cleanup, fireEvent, render, screen, within } from '@testing-library/react'
import { afterEach, expect, it } from 'vitest'
import type { ModelDetails } from '../../../core/explorer'
import { INFO, measurementOf, predictionOf } from '../../../state/explore/explorerFixture'
import { likelihoodsKey } from '../../../state/explore/questions/exploreLikelihoods'
import { loading, ready } from '../../../state/resource'
import { idsOf } from '../../../state/results'
import { OWN, withSide } from '../../../state/side/side'
import { AppProvider } from '../../appContext'
import { storeWith, tokenizeWords } from '../reviewFixture'
import { TokenPredictionPanel } from './TokenPredictionPanel'

afterEach(cleanup)

const SUBSTITUTIONS = [{ position: 2, tokenId: 1011 }]

function open(head: ModelDetails['head'], substitutions: typeof SUBSTITUTIONS = SUBSTITUTIONS) {
  const causal = head === 'causal-lm'
  const store = storeWith('One two three', { position: 2, tokenId: 1011 })
  const details = { head, causal, format: 'safetensors', files: ['m'], kept: true, maskId: 4 } as const
  const position = causal ? 4 : 2
  const tokenized = tokenizeWords('One two three')
  const ids = idsOf(tokenized)
  store.setState((state) => ({
    model: { ...state.model, status: 'ready', info: { ...INFO, labels: [], details } },
    ...withSide(state, OWN, {
      measurement: ready({ tokenized, measurement: measurementOf(ids.length, SUBSTITUTIONS) }),
      prediction: ready({
        tokenized,
        substitutions: SUBSTITUTIONS,
        prediction: predictionOf({ inputIds: ids, substitutions, position, k: 10, also: [11, 1011] }),
      }),
    }),
  }))
  render(
    <AppProvider store={store}>
      <TokenPredictionPanel />
    </AppProvider>,
  )
  return store
}

const headings = () => screen.getAllByRole('columnheader').map(({ textContent }) => textContent)
const rows = () => screen.getAllByRole('rowheader').map(({ textContent }) => textContent)

it('shows the top tokens of both texts, and more on demand', () => {
  const store = open('causal-lm')
  expect(headings()).toEqual(['token', 'before', 'after'])
  expect(rows()).toEqual(['t7', 't8', 't9', 't10', 't11', 't12'])
  expect(screen.getByText('top token changes')).toBeTruthy()
  expect(screen.getByText(/KL 0\.250 nats · entropy 2\.00 → 3\.00 nats/)).toBeTruthy()
  fireEvent.click(screen.getByRole('button', { name: 'More tokens' }))
  expect(rows()).toHaveLength(11)
  fireEvent.click(screen.getByRole('radio', { name: 'after “two”' }))
  expect(store.getState().wanted.place).toBe('chosen')
})

it('shows one column where the mask hides the change, with what stands there and its substitute', () => {
  open('masked-lm', [])
  expect(headings()).toEqual(['token', 'probability'])
  expect(rows().slice(-1)).toEqual(['t1011substitute'])
  expect(rows()).toContain('t11original')
  expect(screen.getByText(/one distribution for both texts/)).toBeTruthy()
})

it('measures a masked model’s likelihoods on demand, shows how far it is, and stops', async () => {
  const store = open('masked-lm')
  const details = screen.getByText('Pseudo-likelihood of the text').closest('details')
  if (!details) throw new TypeError('there is no disclosure')
  details.open = true
  fireEvent(details, new Event('toggle'))
  fireEvent.click(screen.getByRole('button', { name: 'Measure each token' }))
  expect(store.getState().sides[OWN].wanted.likelihoods).toEqual({
    panel: likelihoodsKey(store.getState()),
  })
  const before = [1, 2, 3].map((position) => ({ position, logProbability: -position, rank: 1 }))
  const after = [{ position: 1, logProbability: -1.5, rank: 2 }]
  const value = {
    tokenized: tokenizeWords('One two three'),
    substitutions: SUBSTITUTIONS,
    before,
    after,
    done: 4,
    total: 6,
  }
  store.setState((state) => withSide(state, OWN, { likelihoods: loading(value) }))
  const bar = await screen.findByRole('progressbar')
  expect(bar.getAttribute('aria-valuenow')).toBe('4')
  const table = screen.getByRole('table', { name: /ln p of each token/ })
  expect(within(table).getAllByRole('row')[1].textContent).toBe('one−1.00−1.50−0.50')
  expect(within(table).getAllByRole('row')[2].textContent).toBe('two → near2−2.00··')
  fireEvent.click(screen.getByRole('button', { name: 'Stop' }))
  expect(store.getState().sides[OWN].wanted.likelihoods).toEqual({})
})
