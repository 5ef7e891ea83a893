// @vitest-environment jsdom
import { cleanup, render, screen, within } from '@testing-library/react'
import { afterEach, expect, it } from 'vitest'
import { type PredictionKind, predictionChange } from '../../../core/measures/prediction'
import { createAppStore } from '../../../state/store'
import { AppProvider } from '../../appContext'
import { NoHeadPanel, PredictionPanel } from './PredictionPanel'

afterEach(cleanup)

function open(
  kind: PredictionKind,
  labels: readonly string[],
  before: readonly number[],
  after: readonly number[],
) {
  const prediction = predictionChange(labels, { before, after }, kind)
  const { container } = render(
    <AppProvider store={createAppStore()}>
      <PredictionPanel prediction={prediction} />
    </AppProvider>,
  )
  const panel = screen.getByRole('region', { name: 'Prediction' })
  const marks = container.querySelectorAll('.mark')
  return {
    text: panel.textContent,
    marks: [...marks].map((mark) => Number.parseFloat(mark.getAttribute('cx') ?? '')),
  }
}

it('shows the probability of the first label before and after as two marks, and the label it flips to', () => {
  const { text, marks } = open('softmax', ['bad', 'good'], [Math.log(3), 0], [0, Math.log(4)])
  expect(text).toContain('bad → good−0.5500')
  expect(text).toContain('probability of bad 0.750 → 0.200')
  // 0.75 ln(0.75 / 0.2) + 0.25 ln(0.25 / 0.8)
  expect(text).toContain('KL 0.701 nats · label flips to good')
  expect(marks).toEqual([expect.closeTo(75), expect.closeTo(20)])
  expect(screen.queryByRole('list')).toBeNull()
})

it('shows a probability of each label by itself, the likeliest before or after first', () => {
  const logits = (...probabilities: number[]) => probabilities.map((p) => Math.log(p / (1 - p)))
  const { text, marks } = open('sigmoid', ['a', 'b', 'c'], logits(0.9, 0.1, 0.6), logits(0.4, 0.1, 0.95))
  expect(text).toContain('a → c−0.5000')
  expect(text).toContain('probability of a 0.900 → 0.400')
  expect(text).toContain('nats · label flips to c')
  expect(marks.slice(0, 4)).toEqual([90, 40, 60, 95].map((at) => expect.closeTo(at)))
  const list = screen.getByRole('list', { name: 'Each label by itself, before and after' })
  const items = within(list).getAllByRole('listitem')
  expect(items.map(({ textContent }) => textContent)).toEqual([
    'c 0.600 → 0.950',
    'a 0.900 → 0.400',
    'b 0.100 → 0.100',
  ])
})

it('says that one label by itself flips where its probability passes one half', () => {
  const { text } = open('sigmoid', ['toxic'], [1], [-1])
  expect(text).toContain('toxic−0.4621')
  expect(text).toContain('probability of toxic 0.731 → 0.269')
  expect(text).toContain('nats · label flips: below one half')
  expect(screen.queryByRole('list')).toBeNull()
})

it('shows a score with its change, as no probability, with no flip and no divergence', () => {
  const { text, marks } = open('score', ['LABEL_0'], [3.25], [-12.5])
  expect(text).toContain('LABEL_0−15.7500')
  expect(text).toContain('score of LABEL_0 3.250 → −12.500')
  expect(text).toContain('This model gives a score, no probability.')
  expect(text).not.toMatch(/flips|same label|KL/)
  expect(marks).toEqual([])
})

it('says of a model without a head that it predicts nothing', () => {
  render(
    <AppProvider store={createAppStore()}>
      <NoHeadPanel />
    </AppProvider>,
  )
  const panel = screen.getByRole('region', { name: 'Prediction' })
  expect(panel.textContent).toMatch(/This model has no head, so it predicts nothing/)
})
