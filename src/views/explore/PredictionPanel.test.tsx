// @vitest-environment jsdom
import { cleanup, render, screen, within } from '@testing-library/react'
import { afterEach, expect, it } from 'vitest'
import { type PredictionKind, predictionChange } from '../../core/prediction'
import { createAppStore } from '../../state/store'
import { AppProvider } from '../appContext'
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
  return { text: panel.textContent, bar: container.querySelector<HTMLElement>('.bar span') }
}

it('shows one probability of several that sum to one, and that the label flips', () => {
  const { text, bar } = open('softmax', ['bad', 'good'], [Math.log(3), 0], [0, Math.log(4)])
  expect(text).toContain('good0.800')
  expect(text).toContain('was bad 0.750 · change −0.5500 · label flips')
  // 0.75 ln(0.75 / 0.2) + 0.25 ln(0.25 / 0.8)
  expect(text).toContain('KL 0.701 nats')
  expect(Number.parseFloat(bar?.style.width ?? '')).toBeCloseTo(80)
  expect(screen.queryByRole('list')).toBeNull()
})

it('shows a probability of each label by itself, the likeliest before or after first', () => {
  const logits = (...probabilities: number[]) => probabilities.map((p) => Math.log(p / (1 - p)))
  const { text, bar } = open('sigmoid', ['a', 'b', 'c'], logits(0.9, 0.1, 0.6), logits(0.4, 0.1, 0.95))
  expect(text).toContain('c0.950')
  expect(text).toContain('was a 0.900 · change −0.5000 · label flips')
  expect(Number.parseFloat(bar?.style.width ?? '')).toBeCloseTo(95)
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
  expect(text).toContain('change −0.4621 · label flips')
  expect(screen.queryByRole('list')).toBeNull()
})

it('shows a score with its change, as no probability, with no flip and no divergence', () => {
  const { text, bar } = open('score', ['LABEL_0'], [3.25], [-12.5])
  expect(text).toContain('LABEL_0−12.500')
  expect(text).toContain('was 3.250 · change −15.7500')
  expect(text).toContain('A score: this model gives no probability.')
  expect(text).not.toMatch(/label (flips|kept)|KL/)
  expect(bar).toBeNull()
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
