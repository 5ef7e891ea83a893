// @vitest-environment jsdom
import { act, cleanup, fireEvent, render, screen, within } from '@testing-library/react'
import { afterEach, describe, expect, it } from 'vitest'
import { PROVENANCE } from '../../../state/explore/explorerFixture'
import { OWN, withSide } from '../../../state/side/side'
import { AppProvider } from '../../appContext'
import { storeWith, tokenizeWords } from '../reviewFixture'
import { EDITABLE_LIMIT } from './ReviewEditor'
import { ReviewPanel } from './ReviewPanel'

afterEach(cleanup)

function open(store = storeWith('One two three')) {
  render(
    <AppProvider store={store}>
      <ReviewPanel />
    </AppProvider>,
  )
  return store
}

const token = (name: RegExp) => screen.getByRole('button', { name })

describe('the review as tokens', () => {
  it('has one token in the tab order, and the arrow keys go on from it', () => {
    open()
    const tokens = within(screen.getByRole('group', { name: /^Tokens/ })).getAllByRole('button')
    expect(tokens.map(({ tabIndex }) => tabIndex)).toEqual([0, -1, -1])
    tokens[0].focus()
    fireEvent.keyDown(tokens[0], { key: 'ArrowRight' })
    expect(document.activeElement).toBe(tokens[1])
    expect(tokens.map(({ tabIndex }) => tabIndex)).toEqual([-1, 0, -1])
    fireEvent.keyDown(tokens[1], { key: 'End' })
    expect(document.activeElement).toBe(tokens[2])
    fireEvent.keyDown(tokens[2], { key: 'ArrowRight' })
    expect(document.activeElement).toBe(tokens[2])
    fireEvent.keyDown(tokens[2], { key: 'Home' })
    expect(document.activeElement).toBe(tokens[0])
  })

  it('chooses a token, counting [CLS] as position 0, and shows what takes its place', () => {
    const store = open()
    fireEvent.click(token(/^two/))
    expect(store.getState().session.position).toBe(2)
    const chosen = token(/^near2 in the place of two/)
    expect(chosen.getAttribute('aria-pressed')).toBe('true')
    expect(chosen.querySelector('del')?.textContent).toBe('two')
  })

  it('says the shift of a token and which are least impactful, and names the ends of the scale', () => {
    open(storeWith('a b c d e f g'))
    expect(token(/^a, shift l2 6.00, one of the five least impactful/)).toBeTruthy()
    expect(token(/^g, shift l2 12.0$/)).toBeTruthy()
    expect(document.querySelector('.review-legend')?.textContent).toMatch(
      /embedding shift, l2.*barely moves 6\.00.*12\.0 moves far/,
    )
  })

  it('tints strongest what moves farthest', () => {
    open(storeWith('a b c d e f g'))
    const strength = (name: RegExp) => Number(token(name).style.getPropertyValue('--tint'))
    expect([strength(/^a/), strength(/^d/), strength(/^g/)]).toEqual([0, 0.5, 1])
  })

  it('tints by what is chosen, as far as it is measured, and says how far that is', () => {
    const text = 'One two three'
    const store = open(storeWith(text))
    const tokenized = tokenizeWords(text)
    fireEvent.click(screen.getByRole('radio', { name: 'Δ p' }))
    expect(store.getState().session.tint).toBe('answer')
    expect(token(/^two, Δ p not measured yet/).dataset.untinted).toBe('true')
    expect(screen.getByText('0 of 3 measured')).toBeTruthy()
    const effect = (tokenId: number, change: number) => ({
      tokenId,
      shift: { l1: 1, l2: 1, linf: 1 },
      distance: 2,
      answer: { change, flips: false },
      provenance: PROVENANCE,
    })
    const byPosition = new Map([
      [1, effect(1010, -0.5)],
      [3, effect(1012, 0.125)],
    ])
    act(() =>
      store.setState((state) => withSide(state, OWN, { effects: { tokenized, place: null, byPosition } })),
    )
    expect(screen.getByText('2 of 3 measured')).toBeTruthy()
    expect(token(/^One, Δ p −0.5000/).style.getPropertyValue('--tint')).toBe('1')
    expect(token(/^three, Δ p \+0.1250/).style.getPropertyValue('--tint')).toBe('0')
    expect(document.querySelector('.review-legend')?.textContent).toMatch(
      /barely moves 0\.125.*0\.500 moves far/,
    )
  })

  it('leaves [CLS] and [SEP] out until spaces are shown', () => {
    open()
    expect(screen.queryByText(/\[CLS\]/)).toBeNull()
    fireEvent.click(screen.getByLabelText('show spaces'))
    expect(screen.getByText(/\[CLS\]/)).toBeTruthy()
    expect(screen.getAllByText('·')).toHaveLength(2)
  })

  it('marks where the model stops and shows a bounded part of the rest', () => {
    const text = `one two ${'x'.repeat(3_000_000)}`
    open(storeWith(text, {}, tokenizeWords(text, 7)))
    expect(screen.getByRole('note').textContent).toContain('the model stops reading here (512 tokens)')
    const group = screen.getByRole('group', { name: /^Tokens/ })
    expect(within(group).getAllByRole('button')).toHaveLength(2)
    expect(group.textContent?.length).toBeLessThan(2200)
    expect(group.textContent).toContain('2,998,001 more characters')
  })
})

describe('editing', () => {
  it('passes on every keystroke and makes one step of undo of them', () => {
    const store = open()
    fireEvent.click(screen.getByRole('button', { name: 'Edit text' }))
    const field = screen.getByRole('textbox', { name: 'Text of the review' })
    expect(document.activeElement).toBe(field)
    fireEvent.change(field, { target: { value: 'One two three f' } })
    fireEvent.change(field, { target: { value: 'One two three four' } })
    expect(store.getState().session.text).toBe('One two three four')
    fireEvent.keyDown(field, { key: 'Escape' })
    expect(screen.queryByRole('textbox')).toBeNull()
    expect(document.activeElement?.textContent).toBe('Edit text')
    store.getState().undo()
    expect(store.getState().session.text).toBe('One two three')
  })

  it('keeps what lies behind the editable part of a long text', () => {
    const tail = 'tail '.repeat(2000)
    const text = 'a'.repeat(EDITABLE_LIMIT) + tail
    const store = open(storeWith(text, {}, tokenizeWords(text, 5)))
    fireEvent.click(screen.getByRole('button', { name: 'Edit text' }))
    const field = screen.getByRole<HTMLTextAreaElement>('textbox')
    expect(field.value).toHaveLength(EDITABLE_LIMIT)
    fireEvent.change(field, { target: { value: `${field.value}bc` } })
    expect(field.value.endsWith('abc')).toBe(true)
    expect(store.getState().session.text).toBe(`${'a'.repeat(EDITABLE_LIMIT)}bc${tail}`)
  })

  it('takes a paste that is too long for a field without laying it out', () => {
    const store = open()
    fireEvent.click(screen.getByRole('button', { name: 'Edit text' }))
    const field = screen.getByRole<HTMLTextAreaElement>('textbox')
    field.setSelectionRange(0, field.value.length)
    const pasted = 'word '.repeat(1_000_000)
    fireEvent.paste(field, { clipboardData: { getData: () => pasted } })
    expect(store.getState().session.text).toBe(pasted)
    expect(screen.queryByRole('textbox')).toBeNull()
  })
})

describe('without a text', () => {
  it('says what to do next and offers it', () => {
    const store = open(storeWith(''))
    expect(screen.getByText(/Paste a review, type one, or begin with an example/)).toBeTruthy()
    fireEvent.click(screen.getByRole('button', { name: 'A slow first hour' }))
    expect(store.getState().session.text).toContain('I went in expecting very little')
  })
})

it('treats a text as text', () => {
  const text = '<img src=x onerror=alert(1)> fine'
  open(storeWith(text))
  expect(document.querySelector('img')).toBeNull()
  expect(token(/^<img/)).toBeTruthy()
})

describe('line breaks of HTML', () => {
  it('are turned into line breaks where it is asked for', () => {
    const store = open(storeWith('One<br /><br/>two'))
    fireEvent.click(screen.getByRole('button', { name: 'Turn <br /> into line breaks' }))
    expect(store.getState().session.text).toBe('One\n\ntwo')
    expect(screen.queryByRole('button', { name: /line breaks/ })).toBeNull()
  })
})
