// @vitest-environment jsdom
import { act, cleanup, fireEvent, render, screen, waitFor, within } from '@testing-library/react'
import type { ReactNode } from 'react'
import { afterEach, expect, it } from 'vitest'
import type { ClosestTokensRequest, ModelInfo } from '../../core/explorer'
import { substituteTokens } from '../../core/measures/substitution'
import { EMPTY_SESSION, type Session } from '../../core/session/session'
import { connectExplorer } from '../../state/explore/explore'
import { createTestExplorer, INFO } from '../../state/explore/explorerFixture'
import { createAppStore } from '../../state/store'
import { AppProvider } from '../appContext'
import { TokenPredictionPanel } from './answer/TokenPredictionPanel'
import { LastLayerReading } from './layers/LastLayerReading'
import { ReadingPanel } from './layers/ReadingPanel'

const disconnects: (() => void)[] = []
afterEach(() => {
  cleanup()
  for (const disconnect of disconnects.splice(0)) disconnect()
})

const TEXT = 'a bb ccc dddd'

const languageModel = (head: 'causal-lm' | 'masked-lm'): ModelInfo => ({
  ...INFO,
  labels: [],
  details: { head, causal: head === 'causal-lm', format: 'safetensors', files: [], kept: false, maskId: 4 },
})

/** Opens a page on which every hidden state reads as the token at its position. */
async function opened(panel: ReactNode, info: ModelInfo, session: Partial<Session>) {
  const store = createAppStore()
  const live = createTestExplorer()
  const explorer = {
    ...live,
    closestTokens: async ({ inputIds, substitutions, layers, positions }: ClosestTokensRequest) => {
      const ids = substituteTokens(inputIds, substitutions)
      return layers.flatMap((layer) =>
        positions.map((position) => ({
          layer,
          position,
          tokens: [{ tokenId: ids[position], token: `t${ids[position]}`, cosine: 1 }],
        })),
      )
    },
  }
  disconnects.push(connectExplorer(store, { live: () => explorer, shipped: null, typingPause: 0 }))
  store.setState(({ model }) => ({ model: { ...model, status: 'ready', info } }))
  store.getState().replaceSession({ ...EMPTY_SESSION, text: TEXT, ...session })
  render(<AppProvider store={store}>{panel}</AppProvider>)
  await act(() => live.answerAll())
  return { store, live }
}

function disclose(summary: string) {
  const details = screen.getByText(summary).closest('details')
  if (!details) throw new TypeError('there is no disclosure')
  details.open = true
  fireEvent(details, new Event('toggle'))
}

it('dims what the position read as once another change is chosen, and colours it by its own tokens', async () => {
  const { store, live } = await opened(<ReadingPanel />, INFO, { position: 1 })
  const table = screen.getByRole('table')
  expect(within(table).getAllByText('t11')).toHaveLength(3)
  act(() => store.getState().chooseSubstitute(900))
  await waitFor(() => expect(table.className).toContain('stale'))
  expect(within(table).getAllByText('t11')[0].className).toBe('')
  expect(table.querySelector('.elsewhere')).toBeNull()
  await act(() => live.answerAll())
  await waitFor(() => expect(table.className).not.toContain('stale'))
  expect(within(table).getAllByText('t900')).toHaveLength(3)
})

it('dims the last layer’s reading once another change is chosen, and marks it by its own tokens', async () => {
  const { store, live } = await opened(<LastLayerReading />, INFO, { position: 1 })
  disclose('The last layer, read as a sequence')
  await act(() => live.answerAll())
  const word = await screen.findByText('t11')
  act(() => store.getState().chooseSubstitute(900))
  await waitFor(() => expect(word.closest('.stale')).not.toBeNull())
  expect(word.dataset.changed).toBe('true')
  act(() => store.getState().replaceSession({ ...EMPTY_SESSION, text: 'ccc bb a', position: 1 }))
  await act(() => live.answerAll(1))
  for (const shown of document.querySelectorAll<HTMLElement>('.last-layer span')) {
    expect(shown.title).not.toContain('position 1, ccc')
  }
})

it('notes the text’s own tokens at the place that the distribution is of', async () => {
  const { store, live } = await opened(<TokenPredictionPanel />, languageModel('masked-lm'), { position: 2 })
  act(() => store.getState().selectPosition(3))
  // The former distribution stays, dimmed, until the next one arrives.
  const own = () => screen.getByText('original').closest('th')
  await waitFor(() => expect(own()?.closest('.stale')).not.toBeNull())
  expect(own()?.textContent).toBe('t102original')
  await act(() => live.answerAll())
  await waitFor(() => expect(own()?.textContent).toBe('t103original'))
})

it('names the tokens of the text whose likelihoods they are', async () => {
  const { store, live } = await opened(<TokenPredictionPanel />, languageModel('causal-lm'), { position: 2 })
  disclose('Likelihood of the text')
  await act(() => live.answerAll())
  const table = await screen.findByRole('table', { name: /ln p of each token/ })
  const names = () =>
    within(table)
      .getAllByRole('rowheader')
      .map(({ textContent }) => textContent)
  expect(names()).toEqual(['a', 'bb → t21', 'ccc', 'dddd'])
  act(() => store.getState().replaceSession({ ...EMPTY_SESSION, text: 'eeeee ffffff a bb', position: 2 }))
  await act(() => live.answerAll(1))
  expect(names()).toEqual(['a', 'bb → t21', 'ccc', 'dddd'])
})
