// @vitest-environment jsdom
import { act, cleanup, fireEvent, screen } from '@testing-library/react'
import { afterEach, expect, it, vi } from 'vitest'
import { DEFAULT_SETTINGS } from '../../../core/corpus/runLink'
import { createTestCorpus } from '../../../state/corpus/corpusFixture'
import { openCorpusPart } from '../corpusPageFixture'
import { SourceBody } from './SourceDialog'

afterEach(cleanup)

async function open() {
  const service = createTestCorpus()
  const onClose = vi.fn()
  const page = openCorpusPart(<SourceBody onClose={onClose} onSettings={vi.fn()} />, service)
  await act(() => service.answerAll())
  return { ...page, service, onClose }
}

it('previews a file, preselects the likely column, names malformed rows, and runs the column chosen', async () => {
  const { service, onClose, store } = await open()
  const file = new File(['id,text'], 'reviews.csv')
  fireEvent.change(screen.getByLabelText('File of texts'), { target: { files: [file] } })
  const run = screen.getByRole('button', { name: 'Run' })
  fireEvent.click(run)
  expect(service.count('start')).toBe(0)
  await act(() => service.answerAll())
  expect(screen.getByRole<HTMLInputElement>('radio', { name: /^text/ }).checked).toBe(true)
  expect(screen.getByText('line 7: a quote is not closed')).toBeTruthy()
  expect(screen.getByText(/UTF-8 · 200 rows/)).toBeTruthy()
  fireEvent.click(screen.getByRole('radio', { name: 'id' }))
  fireEvent.click(screen.getByRole('checkbox', { name: /HTML/ }))
  fireEvent.click(run)
  expect(service.waiting('start').arguments.slice(0, 2)).toEqual([
    { kind: 'file', file, column: 'id' },
    { ...DEFAULT_SETTINGS, cleanHtml: false },
  ])
  expect(onClose).toHaveBeenCalledOnce()
  expect(store.getState().session.run?.source).toEqual({ kind: 'file', name: 'reviews.csv', column: 'id' })
})

it('runs the likely column where none was chosen', async () => {
  const { service } = await open()
  const file = new File(['id,text'], 'reviews.csv')
  fireEvent.change(screen.getByLabelText('File of texts'), { target: { files: [file] } })
  await act(() => service.answerAll())
  fireEvent.click(screen.getByRole('button', { name: 'Run' }))
  expect(service.waiting('start').arguments[0]).toMatchObject({ column: 'text' })
})

it('says whom it will ask, and asks the hub only then', async () => {
  const { service } = await open()
  fireEvent.click(screen.getByRole('radio', { name: 'A data set of the hub' }))
  expect(screen.getByText(/datasets-server.huggingface.co/)).toBeTruthy()
  const name = screen.getByRole('textbox', { name: 'Data set' })
  fireEvent.change(name, { target: { value: 'no name at all' } })
  fireEvent.click(screen.getByRole('button', { name: 'Fetch first rows' }))
  fireEvent.change(name, { target: { value: 'stanfordnlp/sst2' } })
  expect(service.count('preview')).toBe(0)
  fireEvent.click(screen.getByRole('button', { name: 'Fetch first rows' }))
  expect(service.waiting('preview').arguments).toEqual([
    { kind: 'hub', dataset: 'stanfordnlp/sst2', split: 'test', column: null },
    { signal: expect.any(AbortSignal) },
  ])
  await act(() =>
    service.waiting('preview').reject({ kind: 'missing-file', message: 'The hub does not find it.' }),
  )
  expect(screen.getByRole('alert').textContent).toMatch(/does not find it/)
})

it('reads the file anew where another encoding is chosen', async () => {
  const { service } = await open()
  const file = new File(['id,text'], 'reviews.csv')
  fireEvent.change(screen.getByLabelText('File of texts'), { target: { files: [file] } })
  await act(() => service.answerAll())
  fireEvent.change(screen.getByRole('combobox', { name: 'Encoding' }), { target: { value: 'GB18030' } })
  expect(service.waiting('preview').arguments).toEqual([
    { kind: 'file', file, column: null, reading: { encoding: 'GB18030' } },
    { signal: expect.any(AbortSignal) },
  ])
})
