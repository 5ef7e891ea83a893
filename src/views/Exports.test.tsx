// @vitest-environment jsdom
import { cleanup, fireEvent, render, screen } from '@testing-library/react'
import { afterEach, beforeEach, expect, it, vi } from 'vitest'
import { createAppStore } from '../state/store'
import { AppProvider } from './appContext'
import { Exports, SpreadsheetOption } from './Exports'

const saved: Blob[] = []
beforeEach(() => {
  saved.length = 0
  vi.stubGlobal(
    'URL',
    class extends URL {
      static override createObjectURL(blob: Blob) {
        saved.push(blob)
        return 'blob:here'
      }
      static override revokeObjectURL() {}
    },
  )
})
afterEach(() => {
  cleanup()
  vi.unstubAllGlobals()
})

it('writes data, and a spreadsheet’s CSV only where it is asked for', async () => {
  const store = createAppStore()
  render(
    <AppProvider store={store}>
      <Exports title="Tokens" name="tokens" csv={() => 'token,value\n=,-1\n'} json={() => '{"token":"="}'} />
      <SpreadsheetOption />
    </AppProvider>,
  )
  const press = (name: string) => {
    fireEvent.click(screen.getByRole('button', { name: /^Export Tokens/ }))
    fireEvent.click(screen.getByRole('button', { name }))
  }
  press('Tokens as CSV')
  fireEvent.click(screen.getByRole('checkbox'))
  press('Tokens as CSV')
  press('Tokens as JSON')
  expect(await Promise.all(saved.map((blob) => blob.text()))).toEqual([
    'token,value\n=,-1\n',
    "token,value\n'=,-1\n",
    '{"token":"="}',
  ])
})

it('says what to do where there is nothing to save', () => {
  const store = createAppStore()
  render(
    <AppProvider store={store}>
      <Exports title="Tokens" name="tokens" look="bar" csv={() => null} nothing="Choose a token first." />
    </AppProvider>,
  )
  fireEvent.click(screen.getByRole('button', { name: 'Tokens as CSV' }))
  expect(saved).toEqual([])
  expect(store.getState().notices.map(({ text }) => text)).toEqual(['Choose a token first.'])
})
