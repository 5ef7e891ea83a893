// @vitest-environment jsdom
import { cleanup, fireEvent, render, screen } from '@testing-library/react'
import { afterEach, beforeAll, expect, it } from 'vitest'
import { predictionChange } from '../../../core/measures/prediction'
import { decodePermalink } from '../../../core/session/permalink'
import { createComparedStore } from '../../../state/compare/compareFixture'
import { INFO } from '../../../state/explore/explorerFixture'
import { modelInfo } from '../../../state/selectors'
import { fragmentOf } from '../../../state/session/permalinkSync'
import { AppProvider } from '../../appContext'
import { PredictionPanel } from './PredictionPanel'

beforeAll(() => {
  // jsdom has no dialogs of its own.
  HTMLDialogElement.prototype.showModal = function () {
    this.open = true
  }
  HTMLDialogElement.prototype.close = function () {
    this.open = false
  }
})
afterEach(cleanup)

function open(labels: readonly string[]) {
  const store = createComparedStore()
  store.setState(({ model }) => ({ model: { ...model, info: { ...INFO, labels } } }))
  const prediction = predictionChange(labels, { before: [0, 1], after: [1, 0] }, 'softmax')
  render(
    <AppProvider store={store}>
      <PredictionPanel prediction={prediction} />
    </AppProvider>,
  )
  return store
}

it('names labels that tell nothing; the link keeps the names, and an empty one gives the model’s own back', () => {
  const store = open(['LABEL_0', 'LABEL_1'])
  fireEvent.click(screen.getByRole('button', { name: 'Name the labels' }))
  fireEvent.change(screen.getByRole('textbox', { name: 'LABEL_0' }), { target: { value: 'bad ' } })
  fireEvent.change(screen.getByRole('textbox', { name: 'LABEL_1' }), { target: { value: 'good' } })
  fireEvent.click(screen.getByRole('button', { name: 'Use these names' }))
  expect(modelInfo(store.getState())).toMatchObject({
    labels: ['bad', 'good'],
    originalLabels: ['LABEL_0', 'LABEL_1'],
  })
  const labelNames = [{ model: INFO.id, names: ['bad', 'good'] }]
  expect(decodePermalink(fragmentOf(store.getState().session))).toMatchObject({
    ok: true,
    session: { labelNames },
  })
  // Another review, and another model on the same page, leave them as they are.
  store.getState().exploreText('another text', null)
  store.getState().nameLabels('./third', ['x'])
  expect(store.getState().session.labelNames).toEqual([{ model: './third', names: ['x'] }, ...labelNames])

  fireEvent.click(screen.getByRole('button', { name: 'Rename the labels' }))
  expect(screen.getByRole<HTMLInputElement>('textbox', { name: 'LABEL_1' }).value).toBe('good')
  for (const name of ['LABEL_0', 'LABEL_1']) {
    fireEvent.change(screen.getByRole('textbox', { name }), { target: { value: '' } })
  }
  fireEvent.click(screen.getByRole('button', { name: 'Use these names' }))
  expect(modelInfo(store.getState())?.labels).toEqual(['LABEL_0', 'LABEL_1'])
  store.getState().undo()
  expect(modelInfo(store.getState())?.labels).toEqual(['bad', 'good'])
})

it('offers nothing where the model names its labels', () => {
  open(['NEGATIVE', 'POSITIVE'])
  expect(screen.queryByRole('button', { name: /labels/ })).toBeNull()
})
