// @vitest-environment jsdom
import { cleanup, fireEvent, render, screen } from '@testing-library/react'
import { afterEach, expect, it } from 'vitest'
import type { FilesSource } from '../../core/modelSource'
import { AppProvider } from '../appContext'
import { storeWith } from '../explore/reviewFixture'
import { OpeningModel } from './OpeningModel'

afterEach(cleanup)

it('asks which of several models of a folder is meant, and opens that one by its name', () => {
  // jsdom has no layout.
  Element.prototype.scrollIntoView = () => undefined
  const blob = new Blob(['x'])
  const paths = ['a', 'b'].flatMap((name) => [`${name}/config.json`, `${name}/model.safetensors`])
  const request: FilesSource = { kind: 'files', name: 'run', files: paths.map((path) => ({ path, blob })) }
  const failure = { kind: 'missing-file', message: 'There is no config.json in ./run.' } as const
  const store = storeWith('one')
  store.setState(({ model }) => ({ model: { ...model, refused: { request, failure } } }))
  render(
    <AppProvider store={store}>
      <OpeningModel />
    </AppProvider>,
  )
  expect(screen.getAllByRole('button').map(({ textContent }) => textContent)).toEqual([
    'Open run/a',
    'Open run/b',
  ])
  fireEvent.click(screen.getByRole('button', { name: 'Open run/b' }))
  const { request: asked } = store.getState().model
  expect(asked).toMatchObject({ kind: 'files', name: 'run/b' })
  expect(asked?.kind === 'files' && asked.files.map(({ path }) => path)).toEqual([
    'config.json',
    'model.safetensors',
  ])
})

it('offers the built-in vocabulary for a model without a tokenizer, and opens it so', () => {
  Element.prototype.scrollIntoView = () => undefined
  const request: FilesSource = { kind: 'files', name: 'run', files: [] }
  const failure = {
    kind: 'unsupported-model',
    message: 'It has no tokenizer.',
    offer: 'built-in-vocabulary',
  } as const
  const store = storeWith('one')
  store.setState(({ model }) => ({ model: { ...model, refused: { request, failure } } }))
  render(
    <AppProvider store={store}>
      <OpeningModel />
    </AppProvider>,
  )
  fireEvent.click(screen.getByRole('button', { name: 'Read it with the built-in vocabulary' }))
  expect(store.getState().model.request).toEqual({ ...request, tokenizer: 'built-in' })
})
