// @vitest-environment jsdom
import { act, cleanup, fireEvent, render, screen } from '@testing-library/react'
import { afterEach, beforeEach, expect, it, vi } from 'vitest'
import { EMPTY_SESSION } from '../../../core/session/session'
import { connectSecondSide } from '../../../state/compare/secondSide'
import { sidesCsv } from '../../../state/compare/sidesCsv'
import { connectExplorer } from '../../../state/explore/explore'
import { createTestExplorer, INFO } from '../../../state/explore/explorerFixture'
import { sharesTable } from '../../../state/explore/patchSelectors'
import { layerAnswersTable } from '../../../state/explore/questions/exploreLayerAnswers'
import { createAppStore } from '../../../state/store'
import { AppProvider } from '../../appContext'
import { CurvePanel } from './CurvePanel'

const disconnects: (() => void)[] = []
beforeEach(() => {
  vi.spyOn(HTMLElement.prototype, 'clientWidth', 'get').mockReturnValue(700)
})
afterEach(() => {
  cleanup()
  for (const disconnect of disconnects.splice(0)) disconnect()
  vi.restoreAllMocks()
})

it('draws the effect of both sides by layer, each swept by itself, and saves both', async () => {
  const store = createAppStore()
  const live = createTestExplorer()
  disconnects.push(
    connectExplorer(store, { live: () => live, shipped: null, typingPause: 0 }),
    connectSecondSide(store, { first: () => live, second: () => null, typingPause: 0 }),
  )
  const vocabulary = await live.vocabulary()
  store.setState(({ model }) => ({ model: { ...model, status: 'ready', info: INFO, vocabulary } }))
  const comparison = { model: null, text: 'a bb dddd', ownNearest: true }
  store
    .getState()
    .replaceSession({ ...EMPTY_SESSION, text: 'a bb ccc', position: 2, curve: 'carried', comparison })
  const answered = async (rounds: number) => {
    for (let i = 0; i < rounds; i++) {
      await act(async () => {
        await live.answerAll()
        await new Promise((resolve) => setTimeout(resolve))
      })
    }
  }
  await answered(10)
  render(
    <AppProvider store={store}>
      <CurvePanel />
    </AppProvider>,
  )
  const sweeps = screen.getAllByRole('button', { name: /Sweep all states/ })
  expect(sweeps).toHaveLength(2)
  fireEvent.click(sweeps[1])
  await answered(40)
  expect(screen.getAllByText(/All \d+ runs are done/)).toHaveLength(1)
  fireEvent.click(screen.getByRole('button', { name: /Sweep all states/ }))
  await answered(40)
  fireEvent.click(screen.getByRole('button', { name: 'Table' }))
  const headings = screen.getAllByRole('columnheader').map(({ textContent }) => textContent)
  expect(headings).toEqual([
    'layer',
    ...['first', 'second'].flatMap((side) =>
      ['“bb” alone', 'all but “bb”', '[CLS] alone'].map((part) => `${side} text: ${part}`),
    ),
  ])
  const lines = sidesCsv(store.getState(), sharesTable)?.split('\n') ?? []
  expect(lines[0]).toMatch(/^side,part,layer/)
  expect(new Set(lines.slice(1, -1).map((line) => line.split(',')[0]))).toEqual(
    new Set(['first text', 'second text']),
  )

  fireEvent.click(screen.getByRole('radio', { name: 'answer' }))
  await answered(6)
  const answers = sidesCsv(store.getState(), layerAnswersTable)?.split('\n') ?? []
  expect(answers[0]).toBe('side,layer,of,number,before,after')
  expect(answers.filter((line) => line.startsWith('second text,'))).toHaveLength(3)
})
