// @vitest-environment jsdom
import { cleanup, fireEvent, render, screen } from '@testing-library/react'
import { afterEach, expect, it, vi } from 'vitest'
import { VocabularyCombobox } from './VocabularyCombobox'

afterEach(cleanup)

const vocabulary = ['[PAD]', 'film', 'films', 'filmed', 'great', '##ful']

function open() {
  const onChoose = vi.fn()
  render(<VocabularyCombobox vocabulary={vocabulary} onChoose={onChoose} />)
  return { onChoose, field: screen.getByRole<HTMLInputElement>('combobox') }
}

const type = (field: HTMLInputElement, value: string) => fireEvent.change(field, { target: { value } })
const active = (field: HTMLInputElement) =>
  document.getElementById(field.getAttribute('aria-activedescendant') ?? '')?.textContent

it('suggests entries by their beginning and says which one Enter takes', () => {
  const { onChoose, field } = open()
  type(field, 'fil')
  expect(field.getAttribute('aria-expanded')).toBe('true')
  expect(screen.getAllByRole('option').map(({ textContent }) => textContent)).toEqual([
    'film',
    'films',
    'filmed',
  ])
  expect(active(field)).toBe('film')
  fireEvent.keyDown(field, { key: 'ArrowDown' })
  expect(active(field)).toBe('films')
  fireEvent.keyDown(field, { key: 'ArrowUp' })
  fireEvent.keyDown(field, { key: 'ArrowUp' })
  expect(active(field)).toBe('filmed')
  fireEvent.keyDown(field, { key: 'Enter' })
  expect(onChoose).toHaveBeenCalledExactlyOnceWith(3)
  expect(field.value).toBe('')
  expect(screen.queryAllByRole('option')).toHaveLength(0)
})

it('takes a click, with the list still open under the pointer', () => {
  const { onChoose, field } = open()
  type(field, 'gr')
  const option = screen.getByRole('option', { name: 'great' })
  expect(fireEvent.pointerDown(option)).toBe(false)
  fireEvent.click(option)
  expect(onChoose).toHaveBeenCalledExactlyOnceWith(4)
})

it('says when a word is not one vocabulary entry, and Enter then chooses nothing', () => {
  const { onChoose, field } = open()
  type(field, 'chiaroscuro')
  expect(screen.getByText(/“chiaroscuro” is not one vocabulary entry/)).toBeTruthy()
  fireEvent.keyDown(field, { key: 'Enter' })
  expect(onChoose).not.toHaveBeenCalled()
})

it('closes with Escape, first the list, then the word', () => {
  const { field } = open()
  type(field, 'fil')
  fireEvent.keyDown(field, { key: 'Escape' })
  expect(field.getAttribute('aria-expanded')).toBe('false')
  expect(field.value).toBe('fil')
  fireEvent.keyDown(field, { key: 'Escape' })
  expect(field.value).toBe('')
})

it('waits for the vocabulary', () => {
  render(<VocabularyCombobox vocabulary={null} onChoose={vi.fn()} />)
  expect(screen.getByRole<HTMLInputElement>('combobox').disabled).toBe(true)
})
