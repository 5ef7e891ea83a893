// @vitest-environment jsdom
import { act, cleanup, fireEvent, render, screen, within } from '@testing-library/react'
import { afterEach, beforeEach, expect, it, vi } from 'vitest'
import { EMPTY_SESSION } from '../core/session/session'
import { createAppStore } from '../state/store'
import { App } from './App'

const scrollTo = vi.fn()

beforeEach(() => {
  scrollTo.mockClear()
  vi.stubGlobal('scrollTo', scrollTo)
})

afterEach(() => {
  cleanup()
  vi.unstubAllGlobals()
})

const explore = () => document.getElementById('main')

function paste(text: string) {
  const event = new Event('paste', { bubbles: true, cancelable: true })
  Object.assign(event, { clipboardData: { getData: () => text } })
  act(() => {
    document.body.dispatchEvent(event)
  })
}

function open() {
  const store = createAppStore()
  store.getState().replaceSession({ ...EMPTY_SESSION, text: 'so good' }, { undoable: false })
  render(<App store={store} />)
  return store
}

async function go(view: 'Explore' | 'Corpus') {
  const views = screen.getByRole('navigation', { name: 'Views' })
  await act(async () => {
    fireEvent.click(within(views).getByRole('button', { name: view }))
  })
}

it('shows one view at a time; the other keeps what it holds and hears nothing', async () => {
  const store = open()
  fireEvent.click(screen.getByRole('button', { name: 'Edit text' }))
  const editor = screen.getByRole('textbox', { name: /review/i })
  await go('Corpus')
  await vi.waitFor(() => expect(document.getElementById('corpus')).not.toBeNull(), { timeout: 60_000 })
  expect(explore()?.style.display).toBe('none')
  paste('another text')
  fireEvent.keyDown(document.body, { key: 'z', ctrlKey: true })
  expect(store.getState().session.text).toBe('so good')
  await go('Explore')
  expect(explore()?.style.display).not.toBe('none')
  expect(document.getElementById('corpus')?.style.display).toBe('none')
  expect(screen.getByRole('textbox', { name: /review/i })).toBe(editor)
})

it('returns to where a view was scrolled', async () => {
  open()
  vi.stubGlobal('scrollY', 420)
  fireEvent.scroll(window)
  await go('Corpus')
  expect(scrollTo).toHaveBeenLastCalledWith(0, 0)
  vi.stubGlobal('scrollY', 0)
  fireEvent.scroll(window)
  await go('Explore')
  expect(scrollTo).toHaveBeenLastCalledWith(0, 420)
})

it('opens on the view of the session without fetching the other', async () => {
  const store = createAppStore()
  store.getState().replaceSession({ ...EMPTY_SESSION, view: 'corpus' }, { undoable: false })
  render(<App store={store} />)
  await vi.waitFor(() => expect(document.getElementById('corpus')).not.toBeNull(), { timeout: 60_000 })
  expect(explore()).toBeNull()
  expect(screen.getByRole('button', { name: 'Corpus' }).getAttribute('aria-current')).toBe('page')
})
